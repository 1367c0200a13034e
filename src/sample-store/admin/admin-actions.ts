import type { Request, Response } from 'express';
import { activate, type Activating } from '../integrations/activation.js';
import { readIntegrationForm } from './admin-form.js';
import type { AdminMessages } from './admin-messages.js';
import { formView, gridView, pageView } from './admin-view.js';
import type { Integration } from '../integrations/integrations.js';
import { allPermissions } from '../webapi/acl.js';

/** What the admin pages reach. */
export interface AdminDeps extends Activating {
  readonly messages: AdminMessages;
  readonly prefill: { readonly endpointUrl: string; readonly identityUrl: string };
}

/** A request to the admin site that has passed the key check, with the pairs of its path. */
export interface Visit {
  readonly req: Request;
  readonly res: Response;
  readonly parameters: ReadonlyMap<string, string>;
}

type Action = (deps: AdminDeps, visit: Visit) => void | Promise<void>;

/** Every admin page, by method and route. */
export const adminActions: Readonly<Record<string, Action>> = {
  'GET dashboard/index': (deps, { res }) => {
    res.render('dashboard', pageView(deps, 'Dashboard'));
  },
  'GET integration/index': (deps, { res }) => {
    res.render('grid', gridView(deps, deps.integrations.all()));
  },
  'GET integration/new': (deps, { res }) => {
    const fields = { name: '', ...deps.prefill, resources: allPermissions };
    res.render('form', formView(deps, fields));
  },
  'GET integration/edit': forIntegration((deps, { res }, integration) => {
    res.render('form', formView(deps, integration));
  }),
  'POST integration/save': save,
  'POST integration/delete': forIntegration((deps, { res }, { id, name }) => {
    deps.integrations.remove(id);
    deps.messages.add('success', `The integration '${name}' has been deleted.`);
    res.redirect(302, deps.admin.path('integration/index'));
  }),
  'GET integration/tokensExchange': forIntegration(exchangeTokens),
  'GET integration/loginSuccessCallback': (_, { res }) => {
    res.render('login-success-callback');
  },
};

/** Saves the form. The script's call for *Save and Activate* wants to know which integration to go on with. */
function save(deps: AdminDeps, { req, res, parameters }: Visit): void {
  const integration = existing(deps, parameters);
  const fields = readIntegrationForm(req.body);
  if (typeof fields === 'string') {
    deps.messages.add('error', fields);
    const route = integration ? 'integration/edit' : 'integration/new';
    goTo(req, res, deps.admin.path(route, integration && { id: integration.id }));
    return;
  }
  const { id, name } = integration
    ? deps.integrations.edit(integration.id, fields)
    : deps.integrations.add(fields);
  if (isAjax(req)) {
    res.json({ integrationId: id, isTokenExchange: '1' });
    return;
  }
  deps.messages.add('success', `The integration '${name}' has been saved.`);
  res.redirect(302, deps.admin.path('integration/index'));
}

/**
 * The POST to the Callback URL, and the answer from which the script opens the popup.
 *
 * @see docs/magento.md, "What our answer does"
 */
async function exchangeTokens(
  deps: AdminDeps,
  { res, parameters }: Visit,
  { id, name }: Integration,
): Promise<void> {
  const reauthorize = parameters.get('reauthorize') === '1';
  const activation = await activate(deps, id, { reauthorize });
  if (!activation.delivered) {
    deps.messages.add(
      'error',
      'The attempt to post data to consumer failed due to an unexpected error. Please try again later.',
    );
    res.json({ _redirect: deps.admin.path('integration/index') });
    return;
  }
  const purpose = reauthorize ? 're-authorization' : 'activation';
  deps.messages.add('notice', `Integration '${name}' has been sent for ${purpose}.`);
  res.json({
    identity_link_url: activation.identityUrl,
    oauth_consumer_key: activation.consumerKey,
    popup_content: 'Please sign in to the third party in the window that has opened.',
  });
}

/** Wraps an action that needs the integration whose id is in the path. */
function forIntegration(
  action: (deps: AdminDeps, visit: Visit, integration: Integration) => void | Promise<void>,
): Action {
  return (deps, visit) => {
    const integration = existing(deps, visit.parameters);
    if (integration) return action(deps, visit, integration);
    deps.messages.add('error', 'This integration no longer exists.');
    goTo(visit.req, visit.res, deps.admin.path('integration/index'));
  };
}

function existing(deps: AdminDeps, parameters: Visit['parameters']): Integration | undefined {
  return deps.integrations.byId(Number(parameters.get('id')));
}

function goTo(req: Request, res: Response, url: string): void {
  if (isAjax(req)) res.json({ _redirect: url });
  else res.redirect(302, url);
}

function isAjax(req: Request): boolean {
  return req.headers['x-requested-with'] === 'XMLHttpRequest';
}
