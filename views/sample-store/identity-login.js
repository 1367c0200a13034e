/**
 * The third party's window: opening it, and watching how it ends.
 *
 * That is left on `<html data-popup>` (`open`, `blocked`, `closed` or `success`) and, for the page that follows,
 * in `sessionStorage.popup`: an array of `{ state, at }`, `at` in milliseconds.
 */

/**
 * Opens the sign-in. It comes only after the third party has answered the POST, so the browser may have
 * forgotten the click, and open nothing.
 *
 * @param {{ identityLinkUrl: string, consumerKey: string, callback: string }} address
 * @param {() => void} ended what follows when the window has closed or has come back
 * @returns {boolean} whether there is a window
 */
export function openIdentityLogin({ identityLinkUrl, consumerKey, callback }, ended) {
  // Blind concatenation, as in Magento: an identity link with a query of its own gets a second question mark.
  const popup = window.open(
    `${identityLinkUrl}?oauth_consumer_key=${formEncode(consumerKey)}` +
      `&success_call_back=${formEncode(callback)}`,
    '',
    `top=${screen.height - 510 - 300},left=${screen.width - 680 - 30},` +
      'width=680,height=510,scrollbars=no',
  );
  sessionStorage.removeItem('popup');
  if (!popup) {
    note('blocked');
    return false;
  }
  popup.focus();
  note('open');
  watch(popup, callback, ended);
  return true;
}

/** @returns {{ state: string, at: number }[]} */
export function popupNotes() {
  /** @type {unknown} */
  const notes = JSON.parse(sessionStorage.getItem('popup') ?? '[]');
  return /** @type {{ state: string, at: number }[]} */ (notes);
}

/**
 * @param {Window} popup
 * @param {string} callback
 * @param {() => void} ended
 */
function watch(popup, callback, ended) {
  const timer = setInterval(() => {
    const end = popup.closed ? 'closed' : isAt(popup, callback) ? 'success' : undefined;
    if (end === undefined) return;
    clearInterval(timer);
    note(end);
    ended();
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

/** @param {string} state */
function note(state) {
  sessionStorage.setItem('popup', JSON.stringify([...popupNotes(), { state, at: Date.now() }]));
  document.documentElement.dataset['popup'] = state;
}

/** @param {string} value */
function formEncode(value) {
  return encodeURIComponent(value).replaceAll('%20', '+');
}
