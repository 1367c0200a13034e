/**
 * Does in the admin's browser what Magento's integration.js does: the permission dialog, then either the
 * handshake, with the third party's sign-in in a window, or the four values to copy.
 *
 * @typedef {object} AdminAnswer
 * @property {string} [_redirect]
 * @property {number} [integrationId]
 * @property {string} [isTokenExchange]
 * @property {string} [identity_link_url]
 * @property {string} [oauth_consumer_key]
 * @property {string} [popup_content]
 * @property {string} [html] the answer, where it is a part of a page
 *
 * @typedef {object} Activated
 * @property {string} id
 * @property {string} reauthorize `1` or `0`, and so is the next
 * @property {string} tokenExchange
 * @property {string} name
 * @property {() => void} [leave] what follows when the dialog closes
 */
import { openIdentityLogin } from './identity-login.js';

const {
  gridUrl = '',
  permissionsUrl = '',
  tokensUrl = '',
  exchangeUrl = '',
  successCallbackUrl = '',
} = document.body.dataset;

/** While the third party is being called, nothing takes the dialog away. */
let isBusy = false;

/** @param {Activated} integration */
export async function askPermission(integration) {
  const answer = await callAdmin(addressFor(permissionsUrl, integration));
  if (answer?.html === undefined) {
    integration.leave?.();
    return;
  }
  const dialog = dialogFor(integration.name);
  dialog.onclose = integration.leave ?? null;
  fill(answer.html, {
    ok: integration.reauthorize === '1' ? 'Reauthorize' : 'Allow',
    onOk: () => void activate(integration),
    canCancel: true,
  });
}

/** @param {Activated} integration */
async function activate(integration) {
  const isExchange = integration.tokenExchange === '1';
  await (isExchange ? exchangeTokens(integration) : showTokens(integration));
}

/** @param {Activated} integration */
async function exchangeTokens(integration) {
  wait('Posting the credentials to the third party…');
  const answer = await callAdmin(addressFor(exchangeUrl, integration));
  const opened =
    answer?.identity_link_url !== undefined &&
    openIdentityLogin(
      {
        identityLinkUrl: answer.identity_link_url,
        consumerKey: answer.oauth_consumer_key ?? '',
        callback: new URL(successCallbackUrl, location.href).href,
      },
      goToGrid,
    );
  if (opened) {
    wait(answer.popup_content ?? '');
    return;
  }
  if (answer?.identity_link_url !== undefined) {
    window.alert('Popup Blocker is enabled! Please add this site to your exception list.');
  }
  closeDialog();
}

/** @param {Activated} integration */
async function showTokens(integration) {
  wait('');
  const answer = await callAdmin(addressFor(tokensUrl, integration));
  if (answer?.html === undefined) {
    closeDialog();
    return;
  }
  // It is active by now, so the grid is out of date however the dialog closes.
  dialogFor(integration.name).onclose = goToGrid;
  fill(answer.html, { ok: 'Done', onOk: closeDialog, canCancel: false });
}

/**
 * A call that answers with JSON or with a part of a page, or sends the whole page elsewhere.
 *
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<AdminAnswer | undefined>} nothing where there is nothing to go on with
 */
export async function callAdmin(url, init) {
  const headers = { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json, text/html' };
  const response = await fetch(url, { ...init, headers }).catch(() => undefined);
  if (!response?.ok) {
    window.alert('Sorry, something went wrong. Please try again later.');
    return undefined;
  }
  if (response.redirected) {
    goToGrid(); // this page's keys are those of a store that has been started anew
    return undefined;
  }
  if (!response.headers.get('content-type')?.startsWith('application/json')) {
    return { html: await response.text() };
  }
  /** @type {unknown} */
  const body = await response.json();
  const answer = /** @type {AdminAnswer} */ (body);
  if (answer._redirect === undefined) return answer;
  location.assign(answer._redirect);
  return undefined;
}

export function goToGrid() {
  location.assign(gridUrl);
}

/**
 * @param {string} url
 * @param {Activated} integration
 */
function addressFor(url, { id, reauthorize }) {
  return url.replace(':id', id).replace(':reauthorize', reauthorize);
}

/** @param {string} name */
function dialogFor(name) {
  const dialog = part('#activation');
  part('#activation-title').textContent = name;
  dialog.onkeydown = (event) => {
    if (isBusy && event.key === 'Escape') event.preventDefault();
  };
  if (!dialog.hasAttribute('open')) /** @type {HTMLDialogElement} */ (dialog).showModal();
  return dialog;
}

/**
 * @param {string} html
 * @param {{ ok: string, onOk: () => void, canCancel: boolean }} buttons
 */
function fill(html, { ok, onOk, canCancel }) {
  isBusy = false;
  part('[data-content]').innerHTML = html;
  part('[data-progress]').textContent = '';
  part('[data-actions]').hidden = false;
  part('[data-cancel]').hidden = !canCancel;
  part('[data-cancel]').onclick = closeDialog;
  part('[data-ok]').textContent = ok;
  part('[data-ok]').onclick = onOk;
  part('[data-ok]').focus();
}

/** @param {string} text what the dialog says while there is nothing to press */
function wait(text) {
  isBusy = true;
  part('[data-content]').replaceChildren();
  part('[data-actions]').hidden = true;
  part('[data-progress]').textContent = text;
  part('#activation').focus();
}

function closeDialog() {
  isBusy = false;
  /** @type {HTMLDialogElement} */ (part('#activation')).close();
}

/** @param {string} selector */
function part(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector}.`);
  return found;
}
