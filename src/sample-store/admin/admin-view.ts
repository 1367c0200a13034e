import type { Integration, IntegrationFields } from '../integrations/integrations.js';
import type { AdminMessages } from './admin-messages.js';
import type { AdminSite } from './admin-site.js';
import { givenTree, isEverything, tickableTree } from './resource-tree.js';

interface Page {
  readonly admin: AdminSite;
  readonly messages: AdminMessages;
}

/** What every admin page shows around its content, and what the client script reads from it. */
export function pageView({ admin, messages }: Page, title: string) {
  /** `:id` and `:reauthorize` are for the script to fill in, as Magento's own script does. */
  const placeholders = { id: ':id', reauthorize: ':reauthorize' };
  return {
    title,
    messages: messages.takeAll(),
    formKey: admin.formKey,
    adminPath: admin.root(),
    dashboardUrl: admin.path('dashboard/index'),
    gridUrl: admin.path('integration/index'),
    newUrl: admin.path('integration/new'),
    permissionsUrl: admin.path('integration/permissionsDialog', placeholders),
    tokensUrl: admin.path('integration/tokensDialog', placeholders),
    exchangeUrl: admin.path('integration/tokensExchange', placeholders),
    successCallbackUrl: admin.path('integration/loginSuccessCallback'),
  };
}

/** The grid of integrations. */
export function gridView(page: Page, integrations: readonly Integration[]) {
  return {
    ...pageView(page, 'Integrations'),
    rows: integrations.map((integration) => ({
      id: integration.id,
      name: integration.name,
      status: integration.status === 'active' ? 'Active' : 'Inactive',
      isInsecure: [integration.endpointUrl, integration.identityUrl].some((url) =>
        url.startsWith('http:'),
      ),
      action: integration.status === 'active' ? 'Reauthorize' : 'Activate',
      reauthorize: integration.status === 'active' ? '1' : '0',
      tokenExchange: tokenExchange(integration),
      editUrl: page.admin.path('integration/edit', { id: integration.id }),
      deleteUrl: page.admin.path('integration/delete', { id: integration.id }),
    })),
  };
}

/** The form for a new integration, or for `saved`, which may have been changed in the form since. */
export function formView(page: Page, fields: IntegrationFields, saved?: Integration) {
  return {
    ...pageView(page, saved ? `Edit "${saved.name}" Integration` : 'New Integration'),
    saveUrl: page.admin.path('integration/save', saved && { id: saved.id }),
    isNew: !saved,
    name: fields.name,
    email: fields.email ?? '',
    endpointUrl: fields.endpointUrl,
    identityUrl: fields.identityUrl,
    hasAll: isEverything(fields.resources),
    resources: tickableTree(fields.resources),
    details: saved?.status === 'active' ? tokenFields(saved) : [],
  };
}

/** What the permission dialog lists. */
export function permissionsView({ resources }: Integration) {
  return { resources: givenTree(resources) };
}

/** What a merchant copies where there is no handshake. */
export function tokensView(integration: Integration) {
  return { details: tokenFields(integration) };
}

/** `1` where activating means the handshake, `0` where a URL is missing and the store issues the tokens to itself. */
export function tokenExchange({ endpointUrl, identityUrl }: IntegrationFields): '0' | '1' {
  return endpointUrl !== '' && identityUrl !== '' ? '1' : '0';
}

function tokenFields({ consumerKey, consumerSecret, tokens }: Integration) {
  const access = tokens.find(({ type }) => type === 'access');
  return [
    { label: 'Consumer Key', id: 'consumer-key', value: consumerKey },
    { label: 'Consumer Secret', id: 'consumer-secret', value: consumerSecret },
    { label: 'Access Token', id: 'access-token', value: access?.token ?? '' },
    { label: 'Access Token Secret', id: 'access-token-secret', value: access?.secret ?? '' },
  ];
}
