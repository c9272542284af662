/** What is shown where there is nothing to show, and questions before something cannot be undone. */
import { h } from '../dom.js';

/** A problem in the place of what could not be had. */
export function problemBox(problem, onRetry) {
  return h('div', { class: 'problem', role: 'alert' },
    h('p', { class: 'problem-title' }, problem.title ?? 'Something went wrong'),
    problem.message && problem.message !== problem.title && h('p', {}, problem.message),
    onRetry && h('button', { type: 'button', onclick: onRetry },
      problem.status === 401 ? 'Enter a key' : 'Try again'));
}

/**
 * Asks, and answers whether it was confirmed.
 *
 * @param {{title: string, text: string, yes: string}} question
 */
export function confirmed({ title, text, yes }) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
      h('form', { method: 'dialog' },
        h('h2', { id: 'confirm-title' }, title),
        h('p', { id: 'confirm-text' }, text),
        h('div', { class: 'actions' },
          // first, so that it has the focus: pressing Enter twice must not delete
          h('button', { type: 'submit', class: 'quiet', value: 'no' }, 'Cancel'),
          h('button', { type: 'submit', class: 'danger', value: 'yes' }, yes))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
