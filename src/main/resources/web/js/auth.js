/**
 * The API key. It is kept for as long as the tab is open, in `sessionStorage`, and goes into the
 * `Authorization` header of every request; never into an address.
 */
import { h } from './dom.js';

const STORED = 'gistream.key';

/** The prompt that is open, shared by all requests that wait for it. */
let asking = null;

/** Whoever said no is not asked again by the next request, but after the page is loaded anew. */
let declined = false;

export const key = () => sessionStorage.getItem(STORED);

export const forget = () => sessionStorage.removeItem(STORED);

export function headers() {
  const value = key();
  return value === null ? {} : { Authorization: `Bearer ${value}` };
}

/**
 * Asks for a key, once for all that need one.
 *
 * @param {string | null} refused the key that was just refused; when there is another one by now,
 *     that is the answer
 * @returns {Promise<boolean>} whether there is a key to try
 */
export function ask(refused) {
  if (key() !== null && key() !== refused) {
    return Promise.resolve(true);
  }
  if (declined) {
    return Promise.resolve(false);
  }
  asking ??= prompt(refused).finally(() => {
    asking = null;
  });
  return asking;
}

function prompt(refused) {
  forget();
  return new Promise((resolve) => {
    const input = h('input', {
      id: 'api-key', type: 'password', name: 'key', autocomplete: 'off', spellcheck: 'false', required: true,
      'aria-describedby': 'api-key-note', 'aria-invalid': refused === null ? null : 'true',
    });
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'api-key-title' },
      h('form', { method: 'dialog', onsubmit: () => {
        // a header takes visible ASCII only; anything else is no key anyway
        sessionStorage.setItem(STORED, input.value.replace(/[^\x21-\x7e]/g, ''));
      } },
      h('h2', { id: 'api-key-title' }, 'API key'),
      h('p', { id: 'api-key-note' }, refused === null
        ? 'This instance asks for a key. It stays in this tab and is forgotten when you close it.'
        : 'The key was not accepted. Check it, or ask who runs this instance.'),
      h('label', { for: 'api-key' }, 'Key'),
      input,
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'primary' }, 'Continue'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      declined = key() === null;
      resolve(!declined);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
