/** The admin pages in the browser: what the grid and the form do beyond their links and forms. */
import { askPermission, callAdmin, goToGrid } from './activation.js';
import { popupNotes } from './identity-login.js';

for (const button of document.querySelectorAll('[data-activate]')) {
  if (!(button instanceof HTMLElement)) continue;
  button.addEventListener('click', () => {
    const { id = '', reauthorize = '0', tokenExchange = '1', name = '' } = button.dataset;
    void askPermission({ id, reauthorize, tokenExchange, name });
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

const tree = document.querySelector('[data-resources]');
if (tree instanceof HTMLElement) {
  tree.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    for (const box of boxesBelow(target)) box.checked = target.checked;
    markPartlyTicked(tree);
  });
  markPartlyTicked(tree);
}

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLInputElement && target.readOnly) target.select();
});

const last = popupNotes().at(-1);
if (last) document.documentElement.dataset['popup'] = last.state;

/** @param {HTMLFormElement} form */
async function saveAndActivate(form) {
  // Every field is text, so the entries are pairs of strings.
  const pairs = /** @type {[string, string][]} */ ([...new FormData(form)]);
  const fields = new URLSearchParams(pairs);
  const answer = await callAdmin(form.action, { method: 'POST', body: fields });
  if (answer?.integrationId === undefined) return;
  await askPermission({
    id: String(answer.integrationId),
    reauthorize: '0',
    tokenExchange: answer.isTokenExchange ?? '1',
    name: fields.get('name') ?? '',
    // Saved for good: whoever cancels now would save a second one from the same form.
    leave: goToGrid,
  });
}

/** @param {HTMLInputElement} box */
function boxesBelow(box) {
  const below = box.closest('li')?.querySelectorAll('ul input') ?? [];
  return /** @type {HTMLInputElement[]} */ ([...below]);
}

/**
 * A resource is its own: what stands below it may be given without it, and the box shows that.
 *
 * @param {HTMLElement} resources
 */
function markPartlyTicked(resources) {
  for (const box of resources.querySelectorAll('input')) {
    box.indeterminate = !box.checked && boxesBelow(box).some(({ checked }) => checked);
  }
}
