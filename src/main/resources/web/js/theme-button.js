/** The button that goes round: as the system has it, light, dark. */
import { replace, s } from './dom.js';

const KEY = 'gistream.theme';
const THEMES = ['system', 'light', 'dark'];
const ICONS = {
  system: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5',
};

const current = () => document.documentElement.dataset.theme ?? 'system';

export function setUpThemeButton(button) {
  const draw = () => {
    const theme = current();
    button.setAttribute('aria-label', `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
    replace(button, s('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: theme }, s('path', { d: ICONS[theme] })));
  };
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length];
    if (next === 'system') {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem(KEY);
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem(KEY, next);
    }
    draw();
    // pictures on a canvas have no style sheet
    dispatchEvent(new Event('themechange'));
  });
  matchMedia('(prefers-color-scheme: dark)')
    .addEventListener('change', () => dispatchEvent(new Event('themechange')));
  draw();
}
