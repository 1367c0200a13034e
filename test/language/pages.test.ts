import { describe, expect, it } from '@jest/globals';
import { languages, languageNames } from '../../src/language/languages.js';
import { translateTo } from '../../src/language/translate.js';
import { plainWords } from '../../src/language/words.js';
import { signIn } from '../console/operators.js';
import { activationForm } from '../support/activation.js';
import { readable } from '../support/failure-page.js';
import { newIntegration, openPopup, sendForm } from '../support/popup.js';
import { merchant, operator, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const app = await startApp();
const store = await startStore();
const t = translateTo('de');

/** A browser that asks for German first. */
function german() {
  return app.visitor().set('Accept-Language', 'de-AT,de;q=0.9,en;q=0.5');
}

describe('to a browser in German', () => {
  it('the popup speaks German, and so does its script', async () => {
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const visitor = german();

    const { page, fields } = await openPopup(visitor, popupUrl);
    const wrong = await sendForm(visitor, fields, { username: 'mia', password: 'not it' });
    const script = await visitor.get('/assets/popup.de.js');

    expect(page.text).toContain('<html lang="de">');
    expect(page.text).toContain('Anmelden und verbinden');
    expect(page.text).toContain('<script src="/assets/popup.de.js">');
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain(t('failures.wrong_password.text'));
    expect(script.status).toBe(200);
    expect(script.text).toContain(t('popup.login.over'));
  });

  it('a failure is told in German, with the labels of a Magento in German', async () => {
    const response = await german().get('/login');

    expect(response.status).toBe(400);
    expect(response.text).toContain('<html lang="de">');
    expect(readable(response.text)).toContain(
      plainWords(t('failures.opened_without_parameters.next')),
    );
    expect(response.text).toContain('<b>System &gt; Erweiterungen &gt; Integrationen</b>');
    expect(response.text).toContain('<b>Speichern &amp; aktivieren</b>');
  });

  it('the console is in English', async () => {
    const visitor = german();
    const form = await visitor.get('/console/sign-in');
    await signIn(visitor, operator);
    const stores = await visitor.get('/console');
    const missing = await visitor.get('/console/no/such/page');

    expect([form, stores, missing].map(({ status }) => status)).toEqual([200, 200, 404]);
    for (const { text } of [form, stores, missing]) expect(text).toContain('<html lang="en">');
    expect(missing.text).toContain('There is no such page');
  });

  it('what programs and logs read is in English', async () => {
    const json = await german().get('/no').set('Accept', 'application/json');
    const endpoint = await german()
      .post('/endpoint')
      .type('form')
      .send(activationForm({ oauth_verifier: 'short' }));

    expect(json.body).toMatchObject({
      code: 'not_found',
      text: 'There is no page at this address.',
    });
    expect(endpoint.text).toContain('The activation has a missing, repeated or malformed field.');
    expect(app.logged()).not.toMatch(/Adresse|Passwort|Seite/);
  });
});

describe('to an account that has chosen a language', () => {
  it('the popup speaks it from the password on, whatever the browser asks for, its help, too', async () => {
    await app.deps.accounts.chooseLanguage(merchant.username, 'fr');
    const failing = await startStore();
    failing.setFaults([{ at: 'request', do: 'status-503' }]);
    const { popupUrl } = await failing.activate(newIntegration(app, failing).id);
    const visitor = german();
    const { page, fields } = await openPopup(visitor, popupUrl);

    const refused = await sendForm(visitor, fields);
    const again = await openPopup(visitor, popupUrl);
    const help = await visitor.get(`/login/help?popup=${again.fields['popup']}`);
    const console = await visitor.get('/console/sign-in');

    await app.deps.accounts.chooseLanguage(merchant.username, undefined);
    expect(page.text).toContain('<html lang="de">');
    expect(refused.status).toBe(502);
    for (const { text } of [refused, again.page, help]) expect(text).toContain('<html lang="fr">');
    expect(console.text).toContain('<html lang="en">');
  });
});

describe('every language', () => {
  for (const language of languages) {
    it(`is that of the page for a browser in ${languageNames[language]}`, async () => {
      const page = await app.visitor().get('/login').set('Accept-Language', language);

      expect(page.text).toContain(`<html lang="${language}">`);
      expect(readable(page.text)).toContain(
        plainWords(translateTo(language)('failures.opened_without_parameters.text')),
      );
    });
  }
});
