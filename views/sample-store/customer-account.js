/** Asks the Web API who the customer is, as a storefront's own scripts do, and shows what comes back. */

const answer = document.querySelector('[data-answer]');

for (const button of document.querySelectorAll('[data-ask]')) {
  if (!(button instanceof HTMLElement)) continue;
  button.addEventListener('click', () => void ask(button.dataset['ask'] ?? ''));
}

/** @param {string} url */
async function ask(url) {
  const response = await fetch(url, {
    headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
  });
  if (answer) answer.textContent = `${response.status} ${await response.text()}`;
}
