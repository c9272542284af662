/**
 * The rolling summary, a sentence a line: what a revision added comes in coloured, what it removed
 * goes out struck through. Each sentence leads to the chunks it rests on.
 */
import { streamAddress } from '../address.js';
import { h, prefersCalm, replace } from '../dom.js';
import { counted, number, talkTime, words } from '../format.js';

/** How long it is shown that a sentence is new, or gone. */
const CHANGE_MILLIS = 2600;
const POINT_MILLIS = 90;
/** For so long after the pointer moved over the sentences they stay where they are. */
const HOLD_MILLIS = 1500;

const ORIGINS = { GENERATED: 'written', REPLACED: 'said, in place of what nothing supported' };

export class Summary {
  #id;
  #list;
  #head;
  #empty;
  #gone;
  #rows = new Map();
  #shown = null;
  #onPoint;
  #pinned = null;
  #timer = 0;
  #moved = 0;
  #held = 0;

  /**
   * @param {string} id of the stream
   * @param {(sentence: object | null) => void} onPoint told which sentence is pointed at
   */
  constructor(id, onPoint) {
    this.#id = id;
    this.#onPoint = onPoint;
    this.#list = h('ol', { class: 'sentences' });
    this.#empty = h('p', { class: 'empty' }, 'No summary yet. The first comes with the first chunk that says something.');
    this.#head = h('p', { class: 'lead' });
    this.#gone = h('div', { class: 'gone', hidden: true });
    this.scroller = h('div', { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': 'Summary, scrolls' },
      this.#empty, this.#list, this.#gone);
    this.element = h('section', { class: 'pane summary', 'aria-labelledby': 'summary-title' },
      h('div', { class: 'pane-head' }, h('h2', { id: 'summary-title' }, 'Summary'), this.#head), this.scroller);
    this.#list.addEventListener('pointermove', (e) => {
      this.#moved = e.pointerType === 'touch' ? 0 : performance.now();
    });
    this.#list.addEventListener('pointerleave', () => {
      this.#moved = 0;
    });
    this.element.addEventListener('keydown', (e) => e.key === 'Escape' && this.unpin());
  }

  close() {
    clearTimeout(this.#held);
  }

  /** Nothing is known any more. */
  clear() {
    clearTimeout(this.#held);
    this.unpin();
    this.#rows.clear();
    replace(this.#list);
    replace(this.#head);
    this.#gone.hidden = true;
    this.#empty.hidden = false;
    this.#shown = null;
  }

  /**
   * Shows a revision.
   *
   * @param {object} summary
   * @param {boolean} live false when the reader looks back: what it changed then stays marked
   */
  show(summary, live) {
    clearTimeout(this.#held);
    const wait = this.#moved + HOLD_MILLIS - performance.now();
    if (live && this.#shown !== null && this.#moved > 0 && wait > 0) {
      // a sentence must not slip away from under the pointer
      this.#held = setTimeout(() => this.show(summary, live), wait);
      return;
    }
    const first = this.#shown === null;
    const sameTalk = this.#shown?.epoch === summary.epoch;
    const added = new Set(summary.added);
    const old = sameTalk ? this.#rows : new Map();
    const rows = new Map();
    const order = [];
    for (const sentence of summary.sentences) {
      let row = old.get(sentence.id);
      if (row === undefined || row.dataset.text !== sentence.text) {
        row = this.#row(sentence);
        if (live && !first) {
          this.#moment(row, 'added');
        }
      } else if (live && row.dataset.fading !== 'true') {
        row.classList.remove('added');
      }
      if (!live) {
        delete row.dataset.fading;
        row.classList.toggle('added', added.has(sentence.text));
      }
      rows.set(sentence.id, row);
      order.push(row);
    }
    const leaving = live && sameTalk ? [...this.#list.children].filter((row) => !order.includes(row)) : [];
    this.#place(order, leaving);
    this.#reveal(order, live && !first);
    this.#rows = rows;
    this.#shown = summary;
    this.#empty.hidden = summary.sentences.length > 0;
    this.#tellRemoved(summary, live);
    this.#tellHead(summary);
  }

  /** Marks the sentences that rest on a chunk. */
  light(sequence) {
    for (const sentence of this.#shown?.sentences ?? []) {
      this.#rows.get(sentence.id)?.classList.toggle('lit', sequence !== null && sentence.source.sequences.includes(sequence));
    }
  }

  unpin() {
    if (this.#pinned !== null) {
      this.#pinned.querySelector('a').removeAttribute('aria-current');
      this.#pinned.classList.remove('pinned');
      this.#pinned = null;
      this.#onPoint(null);
    }
  }

  /** What is new is seen, unless the reader is looking at something. */
  #reveal(order, news) {
    const newest = news && order.findLast((row) => row.dataset.fading === 'true' && !this.#rows.has(Number(row.dataset.id)));
    if (newest && this.#pinned === null && !this.element.matches(':hover, :focus-within')) {
      newest.scrollIntoView({ block: 'nearest', behavior: prefersCalm() ? 'auto' : 'smooth' });
    }
  }

  /** Rows that leave stay between the others for a moment, struck through, then close up. */
  #place(order, leaving) {
    const all = [];
    const stays = new Set(leaving);
    const places = [...this.#list.children];
    let next = 0;
    for (const row of places) {
      if (stays.has(row)) {
        all.push(row);
      } else {
        const at = order.indexOf(row);
        if (at >= next) {
          all.push(...order.slice(next, at + 1));
          next = at + 1;
        }
      }
    }
    all.push(...order.slice(next));
    // a row that has the focus must not leave the document, not even to come back
    let at = this.#list.firstElementChild;
    for (const row of all) {
      if (row === at) {
        at = at.nextElementSibling;
      } else {
        this.#list.insertBefore(row, at);
      }
    }
    while (at !== null) {
      const following = at.nextElementSibling;
      at.remove();
      at = following;
    }
    for (const row of leaving) {
      if (!row.classList.contains('removed')) {
        if (row.contains(document.activeElement)) {
          (order[Math.min(all.indexOf(row), order.length - 1)]?.querySelector('a') ?? this.scroller).focus({ preventScroll: true });
        }
        row.classList.remove('added', 'lit');
        row.classList.add('removed');
        row.setAttribute('aria-hidden', 'true');
        row.querySelector('a')?.setAttribute('tabindex', '-1');
        if (row === this.#pinned) {
          this.unpin();
        }
        this.#collapseLater(row);
      }
    }
  }

  #collapseLater(row) {
    setTimeout(() => {
      if (prefersCalm() || !row.isConnected) {
        row.remove();
        return;
      }
      const closing = row.animate(
        [{ height: `${row.offsetHeight}px`, opacity: 1 }, { height: '0px', opacity: 0, paddingBlock: '0px', marginBlock: '0px' }],
        { duration: 320, easing: 'ease' });
      row.classList.add('closing');
      closing.onfinish = () => row.remove();
      closing.oncancel = () => row.remove();
    }, CHANGE_MILLIS);
  }

  #moment(row, name) {
    row.classList.add(name);
    row.dataset.fading = 'true';
    setTimeout(() => {
      if (row.dataset.fading === 'true') {
        row.classList.remove(name);
        delete row.dataset.fading;
      }
    }, CHANGE_MILLIS);
  }

  #tellRemoved(summary, live) {
    this.#gone.hidden = live || summary.removed.length === 0;
    if (!this.#gone.hidden) {
      replace(this.#gone, h('h3', {}, 'Taken back by this revision'),
        h('ul', {}, summary.removed.map((text) => h('li', {}, h('del', { dir: 'auto' }, text)))));
    }
  }

  #tellHead(summary) {
    const kept = words(summary.text);
    replace(this.#head,
      h('strong', {}, counted(kept, 'word')), ' kept of ', h('strong', {}, number(summary.wordsHeard)), ' heard',
      summary.final
        ? h('span', { class: 'tag final' }, 'final')
        : summary.provisional && h('span', { class: 'tag', title: 'Part of it rests on what is still being said' }, 'may still change'));
  }

  #row(sentence) {
    const { source } = sentence;
    const notes = [source.speakers.join(', '), ORIGINS[sentence.origin]].filter(Boolean).join(' · ');
    const link = h('a', { href: streamAddress(this.#id, source.sequences[0]) },
      h('span', { class: 'when' }, talkTime(source.startMillis) || (source.sequences.length > 0 ? `#${number(source.sequences[0])}` : '')),
      h('span', { class: 'said', dir: 'auto' }, sentence.text, '\u2002', notes !== '' && h('bdi', { class: 'notes' }, notes)));
    const row = h('li', { class: 'sentence', 'data-id': sentence.id, 'data-text': sentence.text }, link);
    // the row stays while the sentence does, and what it rests on may grow
    const now = () => this.#shown?.sentences.find(({ id }) => id === sentence.id) ?? sentence;
    const point = (on) => {
      clearTimeout(this.#timer);
      if (this.#pinned === null) {
        this.#timer = setTimeout(() => this.#onPoint(on ? now() : null), POINT_MILLIS);
      }
    };
    // a finger that scrolls by points at nothing
    link.addEventListener('pointerenter', (e) => e.pointerType !== 'touch' && point(true));
    link.addEventListener('pointerleave', (e) => e.pointerType !== 'touch' && point(false));
    link.addEventListener('focus', () => link.matches(':focus-visible') && point(true));
    link.addEventListener('blur', () => point(false));
    link.addEventListener('click', (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) {
        return;
      }
      e.preventDefault();
      this.#pin(row, now());
    });
    return row;
  }

  #pin(row, sentence) {
    const again = this.#pinned === row;
    clearTimeout(this.#timer);
    this.unpin();
    if (!again) {
      this.#pinned = row;
      row.classList.add('pinned');
      row.querySelector('a').setAttribute('aria-current', 'true');
      this.#onPoint(sentence);
    }
  }
}
