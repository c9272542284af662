/**
 * The page: which view is shown for which address, and what all views share. The address is behind
 * the `#`, so the server has one document to serve.
 */
import { get } from './api.js';
import { h, replace, say } from './dom.js';
import { number } from './format.js';
import { setUpThemeButton } from './theme-button.js';
import { openDeadLetters } from './views/dead-letters.js';
import { openOverview } from './views/overview.js';
import { openStream } from './views/stream.js';
import { openUpload } from './views/upload.js';

const NOTICE_MILLIS = 8000;

const WORDS = {
  idle: '', connecting: 'Connecting…', live: 'Live', reconnecting: 'Reconnecting…', refused: 'Not connected',
};

const main = document.getElementById('main');
const connection = document.getElementById('connection');
const deadCount = document.getElementById('dead-count');

/** What a view gets from the page around it. */
const shell = {
  /** About this instance; null until it is known. */
  about: null,

  connection(state) {
    connection.dataset.state = state;
    say(connection.querySelector('.word'), WORDS[state]);
    if (state === 'live') {
      introduce();
    }
  },

  title(text) {
    document.title = text ? `${text} · Gistream` : 'Gistream';
  },

  notice(text) {
    const note = h('p', { class: 'notice' }, text);
    document.getElementById('notices').append(note);
    setTimeout(() => note.remove(), NOTICE_MILLIS);
  },

  deadLetters(total) {
    deadCount.hidden = total === 0;
    replace(deadCount, number(total), h('span', { class: 'unseen' }, ' records'));
  },

  /** Whether the caller may do what needs this role. */
  may(role) {
    const roles = shell.about?.caller.roles ?? [];
    return roles.includes(role) || roles.includes('admin');
  },
};

function route(hash) {
  const [view, id, chunk] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'streams' && id) {
    try {
      return { name: 'stream', key: `stream/${id}`, open: openStream, id: decodeURIComponent(id), chunk };
    } catch {
      return { name: 'overview', key: 'overview', open: openOverview };
    }
  }
  if (view === 'new') {
    return { name: 'new', key: 'new', open: openUpload };
  }
  if (view === 'dead-letters') {
    return { name: 'dead-letters', key: 'dead-letters', open: openDeadLetters };
  }
  return { name: 'overview', key: 'overview', open: openOverview };
}

let shown = null;

function show(first) {
  const next = route(location.hash);
  if (shown?.key === next.key) {
    shown.view.goTo?.(next);
    return;
  }
  shown?.view.close();
  for (const link of document.querySelectorAll('nav [data-route]')) {
    if (link.dataset.route === next.name) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  shell.connection('idle');
  replace(main);
  document.body.dataset.view = next.name;
  scrollTo(0, 0);
  shown = { key: next.key, view: next.open(main, shell, next) };
  if (!first) {
    main.focus({ preventScroll: true });
  }
}

setUpThemeButton(document.getElementById('theme'));
addEventListener('hashchange', () => show(false));

/** Asks who serves this page, and what the caller may do, until it is known. */
async function introduce() {
  try {
    shell.about ??= await get('/v1/about');
  } catch {
    // the view tells what is wrong
  }
}

// the first question, so that a key is asked for once and not by each view
await introduce();
show(true);
get('/v1/dead-letters?limit=1').then((letters) => shell.deadLetters(letters.total), () => {});
