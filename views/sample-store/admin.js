/**
 * Does in the admin's browser what Magento's integration.js does: after the permission dialog it has the
 * credentials posted, opens the third party's sign-in in a window, and watches that window.
 *
 * How the window ended is left on `<html data-popup>` (`open`, `blocked`, `closed` or `success`) and, for the
 * page that follows, in `sessionStorage.popup`: an array of `{ state, at }`, `at` in milliseconds.
 *
 * @typedef {object} AdminAnswer
 * @property {string} [_redirect]
 * @property {number} [integrationId]
 * @property {string} [identity_link_url]
 * @property {string} [oauth_consumer_key]
 * @property {string} [popup_content]
 */

const { gridUrl = '', exchangeUrl = '', successCallbackUrl = '' } = document.body.dataset;

for (const button of document.querySelectorAll('[data-activate]')) {
  if (!(button instanceof HTMLElement)) continue;
  button.addEventListener('click', () => {
    const { id = '', reauthorize = '0', name = '', permissions = '' } = button.dataset;
    askPermission({ id, reauthorize, name, permissions });
  });
}

for (const form of document.querySelectorAll('form[data-confirm]')) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener('submit', (event) => {
    if (!window.confirm(form.dataset['confirm'])) event.preventDefault();
  });
}

const integrationForm = document.querySelector('#integration');
if (integrationForm instanceof HTMLFormElement) {
  integrationForm.addEventListener('submit', (event) => {
    if (!event.submitter?.matches('[data-save-and-activate]')) return;
    event.preventDefault();
    void saveAndActivate(integrationForm);
  });
}

const last = popupNotes().at(-1);
if (last) document.documentElement.dataset['popup'] = last.state;

/** @param {HTMLFormElement} form */
async function saveAndActivate(form) {
  // Every field is text, so the entries are pairs of strings.
  const pairs = /** @type {[string, string][]} */ ([...new FormData(form)]);
  const fields = new URLSearchParams(pairs);
  const answer = await callAdmin(form.action, { method: 'POST', body: fields });
  if (answer.integrationId === undefined) return;
  const checked = [...form.querySelectorAll('input[name=resource]:checked')];
  askPermission({
    id: String(answer.integrationId),
    reauthorize: '0',
    name: fields.get('name') ?? '',
    permissions: checked.map((box) => box.getAttribute('data-label')).join(', '),
    // Saved for good: whoever cancels now would save a second one from the same form.
    onCancel: goToGrid,
  });
}

/** @param {{ id: string, reauthorize: string, name: string, permissions: string, onCancel?: () => void }} integration */
function askPermission({ id, reauthorize, name, permissions, onCancel }) {
  const dialog = document.querySelector('#permissions');
  if (!(dialog instanceof HTMLDialogElement)) return;
  const allow = part(dialog, '[data-allow]');
  part(dialog, '[data-name]').textContent = name;
  part(dialog, '[data-permissions]').textContent = permissions || 'nothing';
  part(dialog, '[data-progress]').textContent = '';
  allow.textContent = reauthorize === '1' ? 'Reauthorize' : 'Allow';
  allow.toggleAttribute('disabled', false);
  allow.onclick = () => {
    allow.toggleAttribute('disabled', true);
    part(dialog, '[data-progress]').textContent = 'Posting the credentials to the third party…';
    const url = exchangeUrl.replace(':id', id).replace(':reauthorize', reauthorize);
    void exchangeTokens(url, part(dialog, '[data-progress]'));
  };
  part(dialog, '[data-cancel]').onclick = () => {
    dialog.close();
  };
  dialog.onclose = onCancel ?? null;
  dialog.showModal();
}

/**
 * The window is opened only after the third party has answered, so the browser may have forgotten the click.
 *
 * @param {string} url
 * @param {HTMLElement} progress
 */
async function exchangeTokens(url, progress) {
  const answer = await callAdmin(url, { method: 'GET' });
  const { identity_link_url: identityLinkUrl, oauth_consumer_key: consumerKey = '' } = answer;
  if (identityLinkUrl === undefined) return;
  progress.textContent = answer.popup_content ?? '';
  const callback = new URL(successCallbackUrl, location.href).href;
  // Blind concatenation, as in Magento: an identity link with a query of its own gets a second question mark.
  const popup = window.open(
    `${identityLinkUrl}?oauth_consumer_key=${formEncode(consumerKey)}` +
      `&success_call_back=${formEncode(callback)}`,
    '',
    `top=${(screen.height - 510) / 2},left=${(screen.width - 680) / 2},` +
      'width=680,height=510,scrollbars=no',
  );
  sessionStorage.removeItem('popup');
  if (!popup || popup.closed) {
    note('blocked');
    window.alert('Popup Blocker is enabled! Please add this site to your exception list.');
    progress.closest('dialog')?.close();
    return;
  }
  note('open');
  watch(popup, callback);
}

/**
 * @param {Window} popup
 * @param {string} callback
 */
function watch(popup, callback) {
  const timer = setInterval(() => {
    const end = popup.closed ? 'closed' : isAt(popup, callback) ? 'success' : undefined;
    if (end === undefined) return;
    clearInterval(timer);
    note(end);
    goToGrid();
  }, 500);
}

/**
 * @param {Window} popup
 * @param {string} url
 */
function isAt(popup, url) {
  try {
    return popup.location.href === url;
  } catch {
    return false; // still on the third party's origin
  }
}

/**
 * A call that answers in JSON, or sends the whole page elsewhere.
 *
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<AdminAnswer>}
 */
async function callAdmin(url, init) {
  const response = await fetch(url, {
    ...init,
    headers: { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' },
  });
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  /** @type {unknown} */
  const body = isJson ? await response.json() : { _redirect: gridUrl };
  const answer = /** @type {AdminAnswer} */ (body);
  if (answer._redirect) location.assign(answer._redirect);
  return answer;
}

function goToGrid() {
  location.assign(gridUrl);
}

/** @param {string} state */
function note(state) {
  sessionStorage.setItem('popup', JSON.stringify([...popupNotes(), { state, at: Date.now() }]));
  document.documentElement.dataset['popup'] = state;
}

/** @returns {{ state: string, at: number }[]} */
function popupNotes() {
  /** @type {unknown} */
  const notes = JSON.parse(sessionStorage.getItem('popup') ?? '[]');
  return /** @type {{ state: string, at: number }[]} */ (notes);
}

/** @param {string} value */
function formEncode(value) {
  return encodeURIComponent(value).replaceAll('%20', '+');
}

/**
 * @param {HTMLElement} parent
 * @param {string} selector
 */
function part(parent, selector) {
  const found = parent.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector}.`);
  return found;
}
