// The first thing on every page in Magento's popup: from here on no page in this window can send Magento's own window
// elsewhere. Magento keeps its hold on this one, sees where it goes, and closes it in the end.
window.opener = null;

// The rest makes the pages handier. Each of them works without it. Its words, `texts`, stand in front of this file in the
// language of the page: src/brand/assets.ts puts them there.
addEventListener('DOMContentLoaded', () => {
  mendFragment();
  countDown();
  offerToShowPassword();
  selectWhatIsCopied();
  for (const form of document.forms) tellThatItIsSent(form);
});

/**
 * Magento hangs its parameters on an identity link as it was typed. Behind a `#` in that they never reach the server,
 * which says that it misses them; here they are, and the page can be opened as it was meant.
 */
function mendFragment() {
  const [, query] = location.hash.split('?', 2);
  if (location.pathname.startsWith('/login') && query?.includes('oauth_consumer_key=')) {
    location.replace(`${location.pathname}?${query}`);
  }
}

/**
 * Counts down the seconds that the server says are left, by differences of this browser's clock, whose time may be
 * wrong. At the end it shows what the server would say then.
 */
function countDown() {
  const clock = document.querySelector('[data-seconds]');
  if (!(clock instanceof HTMLElement)) return;
  const end = Date.now() + Number(clock.dataset['seconds']) * 1000;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    // For whom moving things are too much, every tenth second will do, and the last ten.
    const shown = isCalm && left > 10 ? left - (left % 10) : left;
    const time = `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, '0')}`;
    const text = left === 0 ? texts.over : texts.left.replace('0:00', time);
    if (clock.textContent !== text) clock.textContent = text;
    if (left > 0) return;
    clearInterval(ticking);
    warnThatItIsLate();
  };
  const ticking = setInterval(show, 250);
  show();
}

/** What views/login.ejs says when it is late from the start. One message at a time: one that stands there is more. */
function warnThatItIsLate() {
  if (document.querySelector('.banner')) return;
  const banner = document.createElement('div');
  banner.className = 'banner caution';
  banner.setAttribute('role', 'alert');
  banner.innerHTML = `
<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M12 7v6m0 4v.1"/></svg>
<p><strong></strong> </p>
`;
  banner.querySelector('strong')?.append(texts.late);
  banner.querySelector('p')?.append(...marked(texts.lateNext));
  document.querySelector('form')?.before(banner);
}

/**
 * A text with its `**strong**` parts.
 *
 * @param {string} text
 */
function marked(text) {
  return text.split('**').map((part, at) => {
    if (at % 2 === 0) return part;
    const strong = document.createElement('b');
    strong.textContent = part;
    return strong;
  });
}

/** Puts a box beside the password that shows it. It is hidden again before it is sent, so that no browser keeps it as words. */
function offerToShowPassword() {
  const field = document.querySelector('input[type="password"]');
  if (!(field instanceof HTMLInputElement)) return;
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.ariaLabel = texts.showPassword;
  label.append(box, texts.show);
  const show = () => {
    const { selectionStart, selectionEnd } = field;
    field.type = box.checked ? 'text' : 'password';
    // Chromium puts the caret at the start once it draws the field anew.
    requestAnimationFrame(() => {
      field.setSelectionRange(selectionStart, selectionEnd);
    });
  };
  let wasTyping = false;
  label.addEventListener('mousedown', () => {
    wasTyping = document.activeElement === field;
  });
  box.addEventListener('change', () => {
    show();
    // Whoever was typing goes on where the caret was.
    if (wasTyping) field.focus();
    wasTyping = false;
  });
  field.form?.addEventListener('submit', () => {
    box.checked = false;
    show();
  });
  field.after(label);
}

/** A click on the link to a colleague selects all of it. */
function selectWhatIsCopied() {
  const field = document.querySelector('input[readonly]');
  if (!(field instanceof HTMLInputElement)) return;
  field.addEventListener('click', () => {
    field.select();
  });
}

/**
 * Lets a form be sent once, and its button say so.
 *
 * @param {HTMLFormElement} form
 */
function tellThatItIsSent(form) {
  const buttons = [...form.querySelectorAll('button')].filter(({ type }) => type === 'submit');
  const words = buttons.map(({ textContent }) => textContent);
  const status = document.createElement('span');
  status.className = 'unseen';
  status.setAttribute('role', 'status');
  form.append(status);
  form.addEventListener('submit', ({ submitter }) => {
    // Later, once the form is on its way: a button that is disabled would not send its own value.
    setTimeout(() => {
      for (const button of buttons) {
        button.disabled = true;
        if (button !== submitter) continue;
        button.ariaBusy = 'true';
        button.textContent = status.textContent = button.dataset['busy'] ?? '';
      }
    });
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    for (const [at, button] of buttons.entries()) {
      button.disabled = false;
      button.ariaBusy = null;
      button.textContent = words[at] ?? '';
    }
    status.textContent = '';
  });
}
