import request from 'supertest';
import { createSampleStore } from '../../../src/sample-store/sample-store.js';

/** The admin site of a store, driven as a browser would. */
export function adminOf(store = createSampleStore()) {
  const agent = request(store.app);

  async function page(path: string) {
    const { text } = await agent.get(path).redirects(1).expect(200);
    const address = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
    return {
      text,
      formKey: address(/name="form_key" value="([^"]+)"/),
      saveUrl: address(/action="([^"]*\/save\/[^"]*)"/),
      deleteUrl: address(/action="([^"]*\/delete\/[^"]*)"/),
      newUrl: address(/href="([^"]*\/new\/[^"]*)"/),
      editUrl: address(/href="([^"]*\/edit\/[^"]*)"/),
      permissionsUrl: address(/data-permissions-url="([^"]+)"/),
      tokensUrl: address(/data-tokens-url="([^"]+)"/),
      exchangeUrl: address(/data-exchange-url="([^"]+)"/),
      successCallbackUrl: address(/data-success-callback-url="([^"]+)"/),
    };
  }

  const grid = () => page('/admin/');
  const newForm = async () => page((await grid()).newUrl);

  async function save(fields: object) {
    const { formKey, saveUrl } = await newForm();
    return agent
      .post(saveUrl)
      .type('form')
      .send({ form_key: formKey, ...fields });
  }

  /** What the script asks for, with its placeholders filled. */
  async function call(url: string, id: number, reauthorize: 0 | 1 = 0) {
    const filled = url.replace(':id', String(id)).replace(':reauthorize', String(reauthorize));
    return agent.get(filled).set('X-Requested-With', 'XMLHttpRequest');
  }

  const exchange = async (id: number, reauthorize?: 0 | 1) =>
    call((await grid()).exchangeUrl, id, reauthorize);
  const tokens = async (id: number, reauthorize?: 0 | 1) =>
    call((await grid()).tokensUrl, id, reauthorize);
  const permissions = async (id: number) => call((await grid()).permissionsUrl, id);

  return { store, agent, page, grid, newForm, save, exchange, tokens, permissions };
}
