import type { Request, Response } from 'express';
import { activate, type Activating } from '../integrations/activation.js';
import { problemWith, readIntegrationForm } from './admin-form.js';
import type { AdminMessages } from './admin-messages.js';
import {
  formView,
  gridView,
  pageView,
  permissionsView,
  tokenExchange,
  tokensView,
} from './admin-view.js';
import type { FormDraft } from './form-draft.js';
import { allPermissions } from '../webapi/acl.js';
import type { Integration } from '../integrations/integrations.js';
import type { ReleaseTraits } from '../releases.js';

/** What the admin pages reach. */
export interface AdminDeps extends Activating {
  readonly traits: ReleaseTraits;
  readonly messages: AdminMessages;
  readonly draft: FormDraft;
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
    res.render('form', formView(deps, deps.draft.take() ?? fields));
  },
  'GET integration/edit': forIntegration((deps, { res }, integration) => {
    res.render('form', formView(deps, deps.draft.take() ?? integration, integration));
  }),
  'POST integration/save': save,
  'POST integration/delete': forIntegration((deps, { res }, { id, name }) => {
    deps.integrations.remove(id);
    deps.messages.add('success', `The integration '${name}' has been deleted.`);
    res.redirect(302, deps.admin.path('integration/index'));
  }),
  'GET integration/permissionsDialog': forIntegration((_, { res }, integration) => {
    res.render('permissions-dialog', permissionsView(integration));
  }),
  'GET integration/tokensDialog': forIntegration(issueTokens),
  'GET integration/tokensExchange': forIntegration(exchangeTokens),
  'GET integration/loginSuccessCallback': ({ admin }, { res }) => {
    res.render('login-success-callback', { adminPath: admin.root() });
  },
};

/** Saves the form. The script's call for *Save and Activate* wants to know which integration to go on with. */
function save(deps: AdminDeps, { req, res, parameters }: Visit): void {
  const integration = existing(deps, parameters);
  const fields = readIntegrationForm(req.body);
  const problem = fields
    ? problemWith(fields, deps, integration?.id)
    : 'The integration was not saved.';
  if (!fields || problem !== undefined) {
    deps.messages.add('error', problem ?? '');
    deps.draft.keep(fields);
    const route = integration ? 'integration/edit' : 'integration/new';
    goTo(req, res, deps.admin.path(route, integration && { id: integration.id }));
    return;
  }
  const { id, name } = integration
    ? deps.integrations.edit(integration.id, fields)
    : deps.integrations.add(fields);
  if (isAjax(req)) {
    res.json({ integrationId: id, isTokenExchange: tokenExchange(fields) });
    return;
  }
  deps.messages.add('success', `The integration '${name}' has been saved.`);
  res.redirect(302, deps.admin.path('integration/index'));
}

/**
 * Activates without a handshake, and shows the four values. The third party hears nothing of it.
 *
 * @see docs/magento.md, "Token rows"
 */
function issueTokens(deps: AdminDeps, { res, parameters }: Visit, { id, name }: Integration): void {
  const integration = deps.integrations.issueTokens(id);
  const outcome = parameters.get('reauthorize') === '1' ? 're-authorized' : 'activated';
  deps.messages.add('success', `The integration '${name}' has been ${outcome}.`);
  res.render('tokens-dialog', tokensView(integration));
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
  if (!deps.traits.handshake) {
    // The release's own fault: its controller takes only POST, and its script sends GET.
    res.status(404).render('not-found', { adminPath: deps.admin.root() });
    return;
  }
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
    popup_content:
      'Please setup or sign in into your 3rd party account to complete setup of this integration.',
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
