/** All streams: who speaks, what was said last, how fast summaries come. */
import { follow, get, streamPath } from '../api.js';
import { streamAddress } from '../address.js';
import { h, replace, say } from '../dom.js';
import { ago, counted, duration, number, short } from '../format.js';
import { Sparkline } from '../parts/sparkline.js';
import { problemBox } from '../parts/states.js';

const PAGE = 200;
const MOST_LISTED = 2000;
const SPEAKING_MILLIS = 12_000;
/** Lists longer than this can be searched. */
const SEARCH_FROM = 8;
/** So many of the latest streams show their newest sentence, read anew at most that often. */
const EXCERPTS = 12;
const EXCERPT_MILLIS = 3000;
const RELIST_MILLIS = 30_000;
const ACTIVITY = 48;
/** Rates are means of so many seconds: chunks come one by one. */
const SMOOTH = 5;
/** A chunk that is not summarised for so long is worth a look. */
const LATE_MILLIS = 5000;

export function openOverview(main, shell) {
  const view = new Overview(main, shell);
  view.start();
  return view;
}

class Overview {
  #main;
  #shell;
  #abort = new AbortController();
  #rows = new Map();
  #next = null;
  #list;
  #lead;
  #more;
  #search;
  #empty;
  #partial;
  #curves;
  #clock;
  #ticks = 0;
  #lately = [];
  #listing = false;

  constructor(main, shell) {
    this.#main = main;
    this.#shell = shell;
    this.#curves = {
      chunks: new Sparkline({ label: 'Chunks a second', format: (n) => number(Math.round(n * 10) / 10) }),
      words: new Sparkline({ label: 'Words a second', format: (n) => number(Math.round(n)) }),
      latency: new Sparkline({ label: 'Latency, median', format: (n) => `${number(Math.round(n))} ms` }),
      worst: new Sparkline({ label: 'Latency, 95 of 100', format: (n) => `${number(Math.round(n))} ms` }),
    };
    this.#lead = h('p', { class: 'lede' });
    this.#list = h('ul', { class: 'streams', 'aria-label': 'Streams' });
    this.#empty = h('div', { class: 'empty', hidden: true },
      h('p', {}, 'Nothing is being said yet.'),
      h('p', {}, 'Send chunks to Kafka or to the API, or ', h('a', { href: '#/new' }, 'drop a transcript here'), '.'));
    this.#partial = h('p', { class: 'note', hidden: true }, 'Another instance did not answer: its streams are missing.');
    this.#more = h('button', { type: 'button', hidden: true, onclick: () => this.#readMore() }, 'More streams');
    this.#search = h('input', { type: 'search', placeholder: 'Find a stream', 'aria-label': 'Find a stream', hidden: true, oninput: () => this.#filter() });
    shell.title('');
    replace(main, h('div', { class: 'overview' },
      h('header', { class: 'intro' }, h('h1', {}, 'Streams'), this.#lead),
      h('section', { class: 'measures', 'aria-label': 'How fast summaries come' }, Object.values(this.#curves).map((curve) => curve.element)),
      this.#search, this.#empty, this.#list, this.#partial, this.#more));
  }

  start() {
    this.#relist();
    this.#clock = setInterval(() => this.#everySecond(), 1000);
    follow('/v1/events', {
      signal: this.#abort.signal,
      onEvent: (type, data) => type === 'tick' && this.#tick(data),
      onState: (state, problem) => {
        this.#shell.connection(state);
        if (state === 'refused') {
          replace(this.#main, problemBox(problem, () => location.reload()));
        }
      },
    });
  }

  close() {
    this.#abort.abort();
    clearInterval(this.#clock);
  }

  /** The first page again: streams that were erased are in no tick. */
  async #relist() {
    if (this.#listing) {
      return;
    }
    this.#listing = true;
    try {
      const page = await get(`/v1/streams?limit=${PAGE}`, this.#abort.signal);
      const ids = new Set(page.streams.map((stream) => stream.id));
      const last = page.streams.at(-1)?.id;
      for (const id of [...this.#rows.keys()]) {
        if (!ids.has(id) && (page.next === null || id <= last)) {
          this.#rows.get(id).element.remove();
          this.#rows.delete(id);
        }
      }
      page.streams.forEach((stream) => this.#put(stream));
      this.#next ??= page.next;
      this.#partial.hidden = page.complete !== false;
      this.#arrange();
      this.#excerpts();
    } catch (problem) {
      if (!this.#abort.signal.aborted && this.#rows.size === 0 && problem.status !== 0 && problem.status !== 503) {
        replace(this.#list, h('li', {}, problemBox(problem, () => this.#relist())));
      }
    } finally {
      this.#listing = false;
    }
  }

  async #readMore() {
    try {
      const page = await get(this.#next, this.#abort.signal);
      page.streams.forEach((stream) => this.#put(stream));
      this.#next = page.next;
      this.#arrange();
    } catch (problem) {
      this.#shell.notice(problem.message);
    }
  }

  #tick(tick) {
    this.#lately.push(tick);
    if (this.#lately.length > SMOOTH) {
      this.#lately.shift();
    }
    const sum = (name) => this.#lately.reduce((n, one) => n + one[name], 0);
    this.#curves.chunks.push(sum('chunks') / Math.max(1, sum('seconds')));
    this.#curves.words.push(sum('words') / Math.max(1, sum('seconds')));
    this.#curves.latency.push(tick.latencyMillis?.median ?? null);
    this.#curves.worst.push(tick.latencyMillis?.p95 ?? null);
    tick.streams.forEach((stream) => this.#put(stream, true));
    if (tick.deadLetters > 0) {
      get('/v1/dead-letters?limit=1', this.#abort.signal).then((letters) => this.#shell.deadLetters(letters.total), () => {});
    }
    if (tick.truncated) {
      this.#relist();
    }
    this.#arrange();
  }

  #everySecond() {
    this.#ticks += 1;
    if (this.#ticks % (RELIST_MILLIS / 1000) === 0) {
      this.#relist();
    }
    for (const row of this.#rows.values()) {
      row.beat();
    }
    this.#tellLead();
    this.#excerpts();
  }

  /**
   * @param {boolean} news whether something just happened to it, not only to the page
   */
  #put(stream, news = false) {
    let row = this.#rows.get(stream.id);
    if (row === undefined) {
      if (this.#rows.size >= MOST_LISTED) {
        return;
      }
      row = new Row(stream.id);
      this.#rows.set(stream.id, row);
    }
    row.update(stream, news);
  }

  /** The latest first; rows are moved only when their order is another, so that the focus stays. */
  #arrange() {
    const order = [...this.#rows.values()].sort((a, b) => b.heardAt - a.heardAt || (a.id < b.id ? -1 : 1));
    const focused = document.activeElement;
    order.forEach((row, i) => {
      if (this.#list.children[i] !== row.element) {
        this.#list.insertBefore(row.element, this.#list.children[i] ?? null);
      }
    });
    while (this.#list.children.length > order.length) {
      this.#list.lastElementChild.remove();
    }
    if (focused !== document.activeElement && this.#list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
    this.#empty.hidden = order.length > 0;
    this.#more.hidden = this.#next === null;
    this.#search.hidden = order.length < SEARCH_FROM;
    this.#tellLead();
    this.#filter();
  }

  #filter() {
    const wanted = this.#search.value.trim().toLowerCase();
    for (const row of this.#rows.values()) {
      row.element.hidden = wanted !== '' && !row.id.toLowerCase().includes(wanted);
    }
  }

  #tellLead() {
    const rows = [...this.#rows.values()];
    const speaking = rows.filter((row) => row.state.name === 'speaking').length;
    const all = this.#next === null ? counted(rows.length, 'talk') : `More than ${counted(rows.length, 'talk')}`;
    say(this.#lead, rows.length === 0 ? 'None yet.' : `${all}, ${speaking === 0 ? 'nobody is speaking' : `${number(speaking)} being heard right now`}.`);
  }

  /** Reads the newest sentence of the streams on top, when they have another revision. */
  #excerpts() {
    const now = Date.now();
    [...this.#list.children].slice(0, EXCERPTS).forEach((element) => {
      const row = [...this.#rows.values()].find((candidate) => candidate.element === element);
      if (row === undefined || element.hidden || row.excerptOf === row.version || now - row.excerptAt < EXCERPT_MILLIS || row.stream.revision === 0) {
        return;
      }
      row.excerptAt = now;
      row.excerptOf = row.version;
      get(streamPath(row.id, 'summary'), this.#abort.signal).then((summary) => row.excerpt(summary), () => {});
    });
  }
}

/** One line of the list. */
class Row {
  stream = null;
  excerptAt = 0;
  excerptOf = '';
  #parts;
  #activity = new Array(ACTIVITY).fill(0);
  #words = null;
  #heard = 0;
  #seenAt = 0;
  /** When its newest chunk came, as this page saw it: record times of a talk that is played are its own. */
  #cameAt = 0;

  constructor(id) {
    this.id = id;
    const parts = {
      state: h('span', { class: 'state' }),
      said: h('span', { class: 'excerpt', dir: 'auto' }),
      words: h('span', { class: 'fact' }),
      behind: h('span', { class: 'fact' }),
      gaps: h('span', { class: 'fact warn', hidden: true }),
      when: h('span', { class: 'fact when' }),
      activity: h('span', { class: 'activity', 'aria-hidden': 'true' }, Array.from({ length: ACTIVITY }, () => h('i'))),
    };
    this.#parts = parts;
    this.element = h('li', {}, h('a', { class: 'stream', href: streamAddress(id) },
      h('span', { class: 'name' }, h('bdi', {}, id)), parts.state, parts.activity, parts.said,
      h('span', { class: 'row-facts' }, parts.words, parts.behind, parts.gaps, parts.when)));
  }

  get version() {
    return `${this.stream.epoch}/${this.stream.revision}`;
  }

  /** When it was heard last, which is what the list is sorted by. */
  get heardAt() {
    return Math.max(this.stream.lastTimestamp, this.#cameAt);
  }

  update(stream, news) {
    const before = this.stream;
    if (before === null ? news : ['lastTimestamp', 'nextSequence', 'wordsHeard'].some((name) => before[name] !== stream[name])) {
      this.#cameAt = Date.now();
    }
    if (this.#words !== null && stream.wordsHeard > this.#words) {
      this.#heard += stream.wordsHeard - this.#words;
    }
    this.#words = stream.wordsHeard;
    this.stream = stream;
    this.#seenAt = Date.now();
    this.#tell();
  }

  get state() {
    const { stream } = this;
    if (stream.state === 'waiting') {
      return { name: 'waiting', label: `waits for chunk ${number(stream.nextSequence)}` };
    }
    if (stream.closed) {
      return { name: 'final', label: 'ended' };
    }
    return Date.now() - this.heardAt < SPEAKING_MILLIS
      ? { name: 'speaking', label: 'speaking' } : { name: 'quiet', label: 'quiet' };
  }

  /** A second has passed. */
  beat() {
    this.#activity.shift();
    this.#activity.push(this.#heard);
    this.#heard = 0;
    const most = Math.max(1, ...this.#activity);
    this.#parts.activity.childNodes.forEach((bar, i) => {
      const level = Math.sqrt(this.#activity[i] / most);
      bar.style.height = `${Math.round(level * 100)}%`;
    });
    this.#tell();
  }

  excerpt(summary) {
    say(this.#parts.said, (summary.added.at(-1) ?? summary.sentences.at(-1)?.text ?? ''));
  }

  #tell() {
    const { stream, state } = this;
    this.#parts.state.dataset.state = state.name;
    say(this.#parts.state, state.label);
    say(this.#parts.words, `${short(stream.wordsHeard)} words · revision ${number(stream.revision)}`);
    const behind = stream.unsummarised > 0;
    const age = stream.unsummarisedAgeMillis === null ? null
      : Math.min(stream.unsummarisedAgeMillis + Date.now() - this.#seenAt, this.#cameAt === 0 ? Infinity : Date.now() - this.#cameAt);
    say(this.#parts.behind, behind ? `${counted(stream.unsummarised, 'chunk')} not summarised yet${age === null ? '' : `, newest ${duration(age)} old`}` : 'all summarised');
    this.#parts.behind.classList.toggle('warn', behind && age > LATE_MILLIS);
    this.#parts.gaps.hidden = stream.gaps === 0;
    say(this.#parts.gaps, counted(stream.gaps, 'gap'));
    say(this.#parts.when, this.heardAt > 0 ? ago(Date.now() - this.heardAt) : '');
  }
}
