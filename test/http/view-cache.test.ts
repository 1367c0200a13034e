import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type ejs from 'ejs';
import { activationForm, identityQuery } from '../support/activation.js';
import { openPopup } from '../support/popup.js';
import { startApp } from '../support/start-app.js';

// EJS has a second copy of itself for `import`; this is the one that Express loads.
const templates = createRequire(import.meta.url)('ejs') as typeof ejs;
const read: string[] = [];
templates.fileLoader = (file) => {
  read.push(path.basename(file));
  return readFileSync(file);
};
const app = await startApp();

afterAll(() => {
  templates.fileLoader = readFileSync;
});

describe('a template', () => {
  it('is read and compiled once, without a NODE_ENV that says production', async () => {
    const form = activationForm();
    await app.visitor().post('/endpoint').type('form').send(form);
    const query = identityQuery(
      form['oauth_consumer_key']!,
      'https://shop.example/admin/admin/integration/loginSuccessCallback/',
    );

    const first = await openPopup(app.visitor(), `${app.url}/login?${query}`);
    const readByFirst = read.splice(0);
    const second = await openPopup(app.visitor(), `${app.url}/login?${query}`);

    expect([first.page.status, second.page.status]).toEqual([200, 200]);
    expect(readByFirst).toContain('login.ejs');
    expect(readByFirst).toContain('head.ejs');
    expect(read).toEqual([]);
    expect(second.page.text).toContain(second.fields['_csrf']);
    expect(second.fields['_csrf']).not.toBe(first.fields['_csrf']);
  });
});
