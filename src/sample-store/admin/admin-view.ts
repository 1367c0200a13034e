import type { AdminMessages } from './admin-messages.js';
import type { AdminSite } from './admin-site.js';
import type { Integration, IntegrationFields } from '../integrations/integrations.js';
import { allPermissions } from '../webapi/acl.js';

const permissionLabels: Readonly<Record<string, string>> = {
  'Magento_Backend::store': 'Store settings',
  'Magento_Catalog::products': 'Products',
};

interface Page {
  readonly admin: AdminSite;
  readonly messages: AdminMessages;
}

/** What every admin page shows around its content, and what the client script reads from it. */
export function pageView({ admin, messages }: Page, title: string) {
  return {
    title,
    messages: messages.takeAll(),
    formKey: admin.formKey,
    dashboardUrl: admin.path('dashboard/index'),
    gridUrl: admin.path('integration/index'),
    newUrl: admin.path('integration/new'),
    /** `:id` and `:reauthorize` are for the script to fill in, as Magento's own script does. */
    exchangeUrl: admin.path('integration/tokensExchange', {
      id: ':id',
      reauthorize: ':reauthorize',
    }),
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
      endpointUrl: integration.endpointUrl,
      action: integration.status === 'active' ? 'Reauthorize' : 'Activate',
      reauthorize: integration.status === 'active' ? 1 : 0,
      permissions: integration.resources.map(labelOf).join(', '),
      editUrl: page.admin.path('integration/edit', { id: integration.id }),
      deleteUrl: page.admin.path('integration/delete', { id: integration.id }),
    })),
  };
}

/** The form for a new integration, or for the one that has an id. */
export function formView(page: Page, fields: IntegrationFields & { readonly id?: number }) {
  return {
    ...pageView(page, fields.id === undefined ? 'New Integration' : `Edit ${fields.name}`),
    saveUrl: page.admin.path('integration/save', fields.id === undefined ? {} : { id: fields.id }),
    name: fields.name,
    endpointUrl: fields.endpointUrl,
    identityUrl: fields.identityUrl,
    permissions: allPermissions.map((value) => ({
      value,
      label: labelOf(value),
      isGiven: fields.resources.includes(value),
    })),
  };
}

function labelOf(permission: string): string {
  return permissionLabels[permission] ?? permission;
}
