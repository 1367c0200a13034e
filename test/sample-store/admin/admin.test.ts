import { describe, expect, it } from '@jest/globals';
import { createSampleStore } from '../../../src/sample-store/sample-store.js';
import { activatedStore } from '../activated-store.js';
import { startCallback } from '../third-party.js';
import { adminOf } from './admin-of.js';

const identityUrl = 'http://third.example/login';
const hostile = `"><script>alert('x')</script>`;

describe('the admin site', () => {
  it('is linked from the home page', async () => {
    const { agent } = adminOf();

    const { text } = await agent.get('/').expect(200);

    expect(text).toMatch('href="/admin/"');
  });

  for (const [what, path] of [
    ['without a secret key', '/admin/admin/integration/index/'],
    ['with a wrong one', `/admin/admin/integration/index/key/${'0'.repeat(64)}/`],
  ] as const) {
    it(`throws a visitor ${what} to the dashboard`, async () => {
      const { agent } = adminOf();

      const { headers } = await agent.get(path).expect(302);

      expect(headers['location']).toMatch(
        /^\/admin\/admin\/dashboard\/index\/key\/[0-9a-f]{64}\/$/,
      );
    });
  }

  it("has a key for each route, and takes no other route's", async () => {
    const { agent, grid } = adminOf();
    const { newUrl } = await grid();

    const { headers } = await agent.get(newUrl.replace('/new/', '/index/')).expect(302);

    expect(headers['location']).toMatch('/dashboard/');
  });

  it('does not save a form without its form key', async () => {
    const { store, agent, newForm } = adminOf();
    const { saveUrl } = await newForm();

    const { headers } = await agent
      .post(saveUrl)
      .type('form')
      .send({ name: 'Demo', endpoint: identityUrl, identity_link_url: identityUrl })
      .expect(302);

    expect(headers['location']).toMatch('/dashboard/');
    expect(store.integrations()).toEqual([]);
  });

  it('shows a page of its own for what is not there', async () => {
    const { agent } = adminOf();

    const { text } = await agent.get('/nothing').expect(404);

    expect(text).toMatch('404 Not Found');
  });

  for (const [file, type] of [
    ['admin.css', 'text/css'],
    ['admin.js', 'text/javascript'],
    ['activation.js', 'text/javascript'],
    ['identity-login.js', 'text/javascript'],
    ['close.js', 'text/javascript'],
  ] as const) {
    it(`serves ${file}`, async () => {
      const { headers } = await adminOf().agent.get(`/admin/${file}`).expect(200);

      expect(headers['content-type']).toMatch(type);
    });
  }
});

describe('the integration form', () => {
  it('starts with the addresses that the store was made with', async () => {
    const prefill = { endpointUrl: 'http://localhost:3000/endpoint', identityUrl };
    const { newForm } = adminOf(createSampleStore({ prefill }));

    const { text } = await newForm();

    expect(text).toMatch('value="http://localhost:3000/endpoint"');
    expect(text).toMatch(`value="${identityUrl}"`);
  });

  it('makes an integration with the permissions that are ticked', async () => {
    const { store, save, grid } = adminOf();

    const response = await save({
      name: 'Demo',
      endpoint: 'https://third.example/endpoint',
      identity_link_url: 'https://third.example/login',
      resource: 'Magento_Backend::store',
    });

    expect(response.status).toBe(302);
    expect(store.integrations()).toMatchObject([
      {
        name: 'Demo',
        endpointUrl: 'https://third.example/endpoint',
        identityUrl: 'https://third.example/login',
        status: 'inactive',
        resources: ['Magento_Backend::store'],
      },
    ]);
    const { text } = await grid();
    expect(text).toMatch('The integration &#39;Demo&#39; has been saved.');
    expect(text).not.toMatch('Integration not secure');
  });

  it('gives every resource of the tree with Resource Access All', async () => {
    const { store, save } = adminOf();

    await save({ name: 'Demo', all_resources: '1' });

    expect(store.integrations()[0]?.resources).toEqual(
      expect.arrayContaining(['Magento_Catalog::catalog', 'Magento_Catalog::products']),
    );
  });

  it('shows the tree as nested lists, each box as it was saved', async () => {
    const { store, grid, page } = adminOf();
    const resources = ['Magento_Catalog::catalog', 'Magento_Catalog::products'];
    store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '', resources });

    const { text } = await page((await grid()).editUrl);

    const boxes = [...text.matchAll(/name="resource" value="([^"]+)"[^>]*?( checked)?>/g)];
    const ticked = boxes.filter(([, , checked]) => checked).map(([, value]) => value);
    expect(ticked).toEqual(resources);
    expect(boxes.length).toBeGreaterThan(ticked.length);
    expect(text).toMatch(/Catalog<\/label>(?:(?!<\/li>).)*<ul(?:(?!<\/li>).)*Products<\/label>/s);
    expect(text).toMatch(/<option value="0" selected>Custom/);
  });

  it('keeps the email', async () => {
    const { save, grid, page } = adminOf();
    await save({ name: 'Demo', email: 'ada@third.example' });

    const { text } = await page((await grid()).editUrl);

    expect(text).toMatch('value="ada@third.example"');
  });

  it('offers to activate only what is new', async () => {
    const { store, grid, newForm, page } = adminOf();
    store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '' });

    expect((await newForm()).text).toMatch('Save and Activate');
    expect((await page((await grid()).editUrl)).text).not.toMatch('Save and Activate');
  });

  it('changes an integration, and leaves key and secret as they are', async () => {
    const { store, agent, grid, page } = adminOf();
    const { consumerKey, consumerSecret } = store.addIntegration({
      name: 'Demo',
      endpointUrl: identityUrl,
      identityUrl,
    });
    const { formKey, saveUrl } = await page((await grid()).editUrl);

    await agent
      .post(saveUrl)
      .type('form')
      .send({ form_key: formKey, name: 'New', endpoint: '', identity_link_url: identityUrl })
      .expect(302);

    expect(store.integrations()).toMatchObject([
      { name: 'New', endpointUrl: '', resources: [], consumerKey, consumerSecret },
    ]);
  });

  for (const [what, fields, message] of [
    [
      'an identity link of another scheme',
      { identity_link_url: 'javascript:x' },
      'Invalid Identity Link URL',
    ],
    [
      'an identity link that is no address',
      { identity_link_url: 'third' },
      'Invalid Identity Link URL',
    ],
    ['no name', { name: ' ' }, 'The integration needs a name.'],
    ['a field that came twice', { endpoint: ['x', 'y'] }, 'The integration was not saved.'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { store, save, grid } = adminOf();

      await save({ name: 'Demo', endpoint: 'x', identity_link_url: identityUrl, ...fields });

      expect(store.integrations()).toEqual([]);
      expect((await grid()).text).toMatch(message);
    });
  }

  it('refuses a name that another integration has, and takes its own', async () => {
    const { store, agent, save, grid, page } = adminOf();
    const fields = { name: 'Demo', identity_link_url: identityUrl };
    await save(fields);

    await save(fields);
    const { text } = await grid();
    const { formKey, saveUrl, text: form } = await page((await grid()).editUrl);
    await agent
      .post(saveUrl)
      .type('form')
      .send({ form_key: formKey, ...fields, identity_link_url: '' });

    expect(text).toMatch('The integration with name &#34;Demo&#34; exists.');
    expect(form).toMatch('Edit &#34;Demo&#34; Integration');
    expect(store.integrations()).toMatchObject([{ name: 'Demo', identityUrl: '' }]);
  });

  it('shows what was typed once more when it was refused', async () => {
    const { newForm, save } = adminOf();
    await save({ name: 'Demo', endpoint: 'https://x.example/', identity_link_url: 'third' });

    const refused = await newForm();
    const next = await newForm();

    expect(refused.text).toMatch('value="https://x.example/"');
    expect(refused.text).toMatch('value="third"');
    expect(next.text).not.toMatch('value="third"');
  });

  for (const fields of [
    { endpoint: '', identity_link_url: '' },
    { endpoint: 'https://x.example/', identity_link_url: '' },
    { endpoint: '', identity_link_url: 'https://x.example/' },
  ]) {
    it(`takes ${JSON.stringify(fields)}, and tells the script that there is no handshake`, async () => {
      const { agent, newForm } = adminOf();
      const { formKey, saveUrl } = await newForm();

      const response = await agent
        .post(saveUrl)
        .set('X-Requested-With', 'XMLHttpRequest')
        .type('form')
        .send({ form_key: formKey, name: 'A', ...fields });

      expect(response.body).toEqual({ integrationId: 1, isTokenExchange: '0' });
    });
  }

  for (const [release, saved] of [
    ['2.4.7', 1],
    ['2.4.8', 0],
  ] as const) {
    it(`looks at the identity link as ${release} does`, async () => {
      const { store, save } = adminOf(createSampleStore({ release }));

      await save({ name: 'Demo', identity_link_url: 'third' });

      expect(store.integrations()).toHaveLength(saved);
    });
  }

  it('tells the script which integration to activate', async () => {
    const { agent, newForm } = adminOf();
    const { formKey, saveUrl } = await newForm();

    const response = await agent
      .post(saveUrl)
      .set('X-Requested-With', 'XMLHttpRequest')
      .type('form')
      .send({ form_key: formKey, name: 'A', endpoint: 'x', identity_link_url: identityUrl });

    expect(response.body).toEqual({ integrationId: 1, isTokenExchange: '1' });
  });
});

describe('the grid', () => {
  it('has the ID and the name of every integration', async () => {
    const { store, grid } = adminOf();
    store.addIntegration({ name: 'One', endpointUrl: '', identityUrl: '' });
    store.addIntegration({ name: 'Two', endpointUrl: '', identityUrl: '' });

    const { text } = await grid();

    expect(text).toMatch(/<td class="number">1<\/td>\s*<th scope="row">One/);
    expect(text).toMatch(/<td class="number">2<\/td>\s*<th scope="row">Two/);
    expect(text).not.toMatch('Integration not secure');
  });

  it('offers to activate what is inactive, and warns of http', async () => {
    const { store, grid } = adminOf();
    store.addIntegration({ name: 'Demo', endpointUrl: 'https://x.example/', identityUrl });

    const { text } = await grid();

    expect(text).toMatch(/>Inactive</);
    expect(text).toMatch(/data-reauthorize="0"[^>]*>Activate</);
    expect(text).toMatch('Integration not secure');
  });

  it('offers to reauthorize what is active', async () => {
    const { store, connect } = await activatedStore();
    await connect();

    const { text } = await adminOf(store).grid();

    expect(text).toMatch(/>Active</);
    expect(text).toMatch(/data-reauthorize="1"[^>]*>Reauthorize</);
  });

  it('deletes by a form', async () => {
    const { store, agent, grid } = adminOf();
    store.addIntegration({ name: 'Demo', endpointUrl: identityUrl, identityUrl });
    const { deleteUrl, formKey } = await grid();

    await agent.post(deleteUrl).type('form').send({ form_key: formKey }).expect(302);

    expect(store.integrations()).toEqual([]);
    expect((await grid()).text).toMatch('The integration &#39;Demo&#39; has been deleted.');
  });

  it('shows a message once', async () => {
    const { agent, grid } = adminOf();
    await agent.get('/admin/admin/integration/index/');

    expect((await grid()).text).toMatch('invalid Secret Key');
    expect((await grid()).text).not.toMatch('invalid Secret Key');
  });

  it('and what it leads to place hostile names as text', async () => {
    const { store, grid, page, permissions } = adminOf();
    store.addIntegration({
      name: hostile,
      endpointUrl: hostile,
      identityUrl: hostile,
      resources: [hostile],
    });
    const shown = await grid();
    const form = await page(shown.editUrl);
    const dialog = await permissions(1);

    for (const text of [shown.text, form.text, dialog.text]) {
      expect(text).toMatch('&#34;&gt;&lt;script&gt;');
      expect(text).not.toMatch(`<script>alert`);
    }
  });
});

describe('permissionsDialog', () => {
  it('lists what the integration asks for, below what it belongs to', async () => {
    const { store, permissions } = adminOf();
    const resources = ['Magento_Catalog::products'];
    store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '', resources });

    const { text } = await permissions(1);

    expect(text.replace(/<[^>]*>|\s+/g, ' ').trim()).toMatch(
      /^The integration you selected asks you to approve access to the following: +Catalog +Inventory +Products$/,
    );
  });

  it('says so where it asks for nothing', async () => {
    const { store, permissions } = adminOf();
    store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '', resources: [] });

    expect((await permissions(1)).text).toMatch('No permissions requested');
  });
});

describe('tokensExchange', () => {
  it('POSTs, and answers with what the popup needs', async () => {
    const callback = await startCallback();
    const { store, exchange, grid } = adminOf();
    const fields = { name: 'Demo', endpointUrl: callback.url, identityUrl };
    const { id, consumerKey } = store.addIntegration(fields);

    const response = await exchange(id);

    expect(callback.posts).toHaveLength(1);
    expect(response.body).toEqual({
      identity_link_url: identityUrl,
      oauth_consumer_key: consumerKey,
      popup_content: expect.any(String),
    });
    expect((await grid()).text).toMatch('Integration &#39;Demo&#39; has been sent for activation.');
  });

  it('revokes first when it reauthorizes', async () => {
    const { store, id, integration, connect } = await activatedStore();
    await connect();
    const { exchange, grid } = adminOf(store);

    await exchange(id, 1);

    expect(integration()).toMatchObject({ status: 'inactive', tokens: [{ type: 'verifier' }] });
    expect((await grid()).text).toMatch('has been sent for re-authorization.');
  });

  it('sends the page back to the grid with an error when the POST fails', async () => {
    const { store, exchange, grid } = adminOf();
    const endpointUrl = 'http://127.0.0.1:1/';
    const { id } = store.addIntegration({ name: 'Demo', endpointUrl, identityUrl });

    const response = await exchange(id);

    expect(response.body).toEqual({
      _redirect: expect.stringMatching(/\/integration\/index\/key\//),
    });
    expect((await grid()).text).toMatch(
      'The attempt to post data to consumer failed due to an unexpected error. Please try again later.',
    );
  });

  it('is not found in 2.4.2, and posts nothing', async () => {
    const callback = await startCallback();
    const { store, exchange } = adminOf(createSampleStore({ release: '2.4.2' }));
    const { id } = store.addIntegration({ name: 'A', endpointUrl: callback.url, identityUrl });

    const response = await exchange(id);

    expect(response.status).toBe(404);
    expect(callback.posts).toEqual([]);
  });

  it('sends the page back to the grid when the integration is gone', async () => {
    const { exchange } = adminOf();

    const response = await exchange(9);

    expect(response.body).toEqual({
      _redirect: expect.stringMatching(/\/integration\/index\/key\//),
    });
  });
});

describe('loginSuccessCallback', () => {
  it('is nothing but a script that closes the window', async () => {
    const { agent, grid } = adminOf();
    const { successCallbackUrl } = await grid();

    const { text } = await agent.get(successCallbackUrl).expect(200);

    expect(text.trim()).toBe('<!doctype html>\n<script src="/admin/close.js"></script>');
  });

  it('throws a POST to the dashboard', async () => {
    const { agent, grid } = adminOf();
    const { successCallbackUrl } = await grid();

    const { headers } = await agent.post(successCallbackUrl).expect(302);

    expect(headers['location']).toMatch('/dashboard/');
  });
});
