/**
 * The transcript as it flows. However long the talk, only a window of it is in the document: it
 * moves along as the reader scrolls, and sticks to the end while the reader is there.
 */
import { h, prefersCalm, replace, say } from '../dom.js';
import { counted, number, talkTime } from '../format.js';
import { placeOf } from '../talk.js';

const MOST_SHOWN = 160;
const STEP = 50;
/** Closer than this to an end of the list, more is put there. */
const NEAR_PIXELS = 500;
const AT_END_PIXELS = 48;
/** Longer texts are folded. */
const LONGEST_TEXT = 2400;

export class Transcript {
  #talk;
  #list;
  #scroller;
  #jump;
  #empty;
  #rows = new Map();
  /** The window: places in the talk's order, the end excluded. */
  #from = 0;
  #to = 0;
  #following = true;
  #unseen = 0;
  #lastTop = 0;
  #scheduled = false;
  #cited = new Set();
  #highlighted = [];
  #onPoint;

  /**
   * @param {import('../talk.js').Talk} talk
   * @param {(sequence: number | null) => void} onPoint told which chunk is pointed at
   */
  constructor(talk, onPoint) {
    this.#talk = talk;
    this.#onPoint = onPoint;
    this.#list = h('ol', { class: 'chunks' });
    this.#empty = h('p', { class: 'empty' }, 'Nothing was said yet. Chunks appear here as they come.');
    this.#scroller = h('div', { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': 'Transcript, scrolls' }, this.#empty, this.#list);
    this.#jump = h('button', { type: 'button', class: 'jump', hidden: true, onclick: () => this.toEnd() });
    this.element = h('section', { class: 'pane transcript', 'aria-labelledby': 'transcript-title' },
      h('h2', { id: 'transcript-title' }, 'Transcript'), this.#scroller, this.#jump);
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#list.addEventListener('pointerover', (e) => this.#point(e.target));
    this.#list.addEventListener('pointerleave', () => this.#onPoint(null));
    this.resize = new ResizeObserver(() => this.#following && this.#stick(false));
    this.resize.observe(this.#scroller);
  }

  close() {
    this.resize.disconnect();
  }

  /** The talk got a chunk, or another text for one. */
  changed(sequence, isNew) {
    if (isNew && !this.#following) {
      this.#unseen += 1;
    }
    // the row, and the one behind it, which may or may not need to name its speaker now
    const at = placeOf(this.#talk.order, sequence);
    this.#rows.delete(sequence);
    this.#rows.delete(this.#talk.order[at + 1]);
    this.#schedule();
  }

  /** Everything is another. */
  reset() {
    this.#rows.clear();
    this.#following = true;
    this.#unseen = 0;
    this.#schedule();
  }

  /** Marks the chunks that the summary rests on. */
  cite(sequences) {
    this.#cited = new Set(sequences);
    for (const [sequence, row] of this.#rows) {
      row.classList.toggle('cited', this.#cited.has(sequence));
    }
  }

  /**
   * Highlights chunks, and shows the first of them.
   *
   * @param {number[]} sequences
   * @param {boolean} smooth whether it may take a moment
   * @returns {boolean} false when the talk has none of them (any more)
   */
  highlight(sequences, smooth = true) {
    this.clearHighlight();
    const known = sequences.filter((sequence) => this.#talk.chunk(sequence) !== undefined);
    if (known.length === 0) {
      return false;
    }
    this.#highlighted = known;
    this.#following = false;
    const at = placeOf(this.#talk.order, known[0]);
    if (at < this.#from || at >= this.#to) {
      this.#window(at - MOST_SHOWN / 2, at + MOST_SHOWN / 2);
    }
    this.#mark();
    this.#show(this.#rows.get(known[0]), smooth);
    this.#tellUnseen();
    return true;
  }

  clearHighlight() {
    this.#highlighted = [];
    for (const row of this.#list.querySelectorAll('.lit')) {
      row.classList.remove('lit');
    }
  }

  get following() {
    return this.#following;
  }

  toEnd() {
    this.#following = true;
    this.#unseen = 0;
    this.#draw();
  }

  #mark() {
    for (const sequence of this.#highlighted) {
      this.#rows.get(sequence)?.classList.add('lit');
    }
  }

  #show(row, smooth) {
    const top = row.offsetTop - Math.max(24, (this.#scroller.clientHeight - row.offsetHeight) / 3);
    this.#scroller.scrollTo({ top, behavior: smooth && !prefersCalm() ? 'smooth' : 'auto' });
  }

  #point(target) {
    const row = target.closest?.('li[data-sequence]');
    this.#onPoint(row === null || row === undefined ? null : Number(row.dataset.sequence));
  }

  /** Many chunks may come between two frames; they are drawn together. */
  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      // not requestAnimationFrame, which rests in a tab that is hidden
      setTimeout(() => {
        this.#scheduled = false;
        this.#draw();
      }, 40);
    }
  }

  #draw() {
    const length = this.#talk.order.length;
    this.#empty.hidden = length > 0;
    if (this.#following) {
      const grew = this.#to > 0 && length > this.#to;
      this.#window(length - Math.max(STEP, Math.min(MOST_SHOWN, this.#to - this.#from + length - this.#to)), length);
      this.#stick(grew);
    } else {
      const room = this.#from + MOST_SHOWN;
      this.#window(this.#from, Math.min(length, Math.max(this.#to, room)));
    }
    this.#tellUnseen();
  }

  /** Puts a part of the talk into the document; what is there and stays keeps its place on the screen. */
  #window(from, to) {
    const length = this.#talk.order.length;
    this.#from = Math.max(0, Math.min(from, length - 1));
    this.#to = Math.min(length, Math.max(to, this.#from));
    const sequences = this.#talk.order.slice(this.#from, this.#to);
    const keep = new Set(sequences);
    const anchor = this.#following ? null : this.#anchor(keep);
    const before = anchor?.getBoundingClientRect().top;
    for (const sequence of [...this.#rows.keys()]) {
      if (!keep.has(sequence)) {
        this.#rows.delete(sequence);
      }
    }
    this.#place(sequences);
    this.#mark();
    const moved = anchor?.isConnected ? anchor.getBoundingClientRect().top - before : 0;
    if (Math.abs(moved) >= 1) {
      // not otherwise: to set it ends a scroll that is on its way
      this.#scroller.scrollTop += moved;
    }
    this.#lastTop = this.#scroller.scrollTop;
  }

  /** Makes the list's rows those, touching as few as possible. */
  #place(sequences) {
    let at = this.#list.firstElementChild;
    sequences.forEach((sequence, i) => {
      let row = this.#rows.get(sequence);
      if (row === undefined) {
        row = this.#row(this.#from + i);
        this.#rows.set(sequence, row);
      }
      if (row === at) {
        at = at.nextElementSibling;
      } else {
        this.#list.insertBefore(row, at);
      }
    });
    while (at !== null) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
  }

  /** The first row on the screen that stays. */
  #anchor(keep) {
    const top = this.#scroller.getBoundingClientRect().top;
    for (const row of this.#list.children) {
      if (row.getBoundingClientRect().bottom > top && keep.has(Number(row.dataset.sequence))
          && this.#rows.get(Number(row.dataset.sequence)) === row) {
        return row;
      }
    }
    return null;
  }

  #stick(smooth) {
    const top = this.#scroller.scrollHeight;
    const far = top - this.#scroller.scrollTop - this.#scroller.clientHeight > 2 * this.#scroller.clientHeight;
    this.#scroller.scrollTo({ top, behavior: smooth && !far && !prefersCalm() ? 'smooth' : 'auto' });
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const left = scrollHeight - scrollTop - clientHeight;
    const up = scrollTop < this.#lastTop - 1;
    this.#lastTop = scrollTop;
    if (left < AT_END_PIXELS && this.#to === this.#talk.order.length && !up) {
      this.#following = true;
      this.#unseen = 0;
    } else if (up) {
      this.#following = false;
    }
    if (up && scrollTop < NEAR_PIXELS && this.#from > 0) {
      const from = Math.max(0, this.#from - STEP);
      this.#window(from, Math.min(this.#to, from + MOST_SHOWN));
    } else if (!up && !this.#following && left < NEAR_PIXELS && this.#to < this.#talk.order.length) {
      const to = Math.min(this.#talk.order.length, this.#to + STEP);
      this.#window(Math.max(this.#from, to - MOST_SHOWN), to);
    }
    this.#tellUnseen();
  }

  #tellUnseen() {
    this.#jump.hidden = this.#following || this.#talk.order.length === 0;
    say(this.#jump, this.#unseen > 0 ? `${counted(this.#unseen, 'new chunk')} ↓` : 'To the end ↓');
  }

  #row(at) {
    const { order } = this.#talk;
    const sequence = order[at];
    const chunk = this.#talk.chunk(sequence);
    const before = at > 0 ? this.#talk.chunk(order[at - 1]) : null;
    const missing = before === null ? 0 : sequence - before.sequence - 1;
    const speaks = chunk.speaker !== null && (chunk.speaker !== before?.speaker || missing > 0);
    const fresh = at === order.length - 1 && this.#to > 0;
    return h('li', {
      'data-sequence': sequence,
      class: ['chunk', this.#cited.has(sequence) && 'cited', speaks && 'turn', fresh && 'fresh',
        chunk.status === 'DRAFT' && 'draft'].filter(Boolean).join(' '),
    },
    missing > 0 && h('p', { class: 'gap' }, gap(before.sequence + 1, sequence - 1)),
    h('span', { class: 'when' }, talkTime(chunk.startMillis) || `#${number(sequence)}`),
    h('div', { class: 'words' },
      speaks && h('p', { class: 'who' }, h('bdi', {}, chunk.speaker)),
      chunk.text.trim() !== '' && text(chunk.text),
      chunk.status === 'DRAFT' && h('span', { class: 'tag' }, 'draft')),
    chunk.endOfStream && h('p', { class: 'gap end' }, 'End of the talk'));
  }
}

function gap(first, last) {
  return first === last ? `Chunk ${number(first)} is missing` : `Chunks ${number(first)} to ${number(last)} are missing`;
}

function text(said) {
  const paragraph = h('p', { class: 'text', dir: 'auto' });
  if (said.length <= LONGEST_TEXT) {
    return replace(paragraph, said);
  }
  const more = h('button', { type: 'button', class: 'link', onclick: () => replace(paragraph, said) },
    `Show all ${number(said.length)} characters`);
  return replace(paragraph, `${said.slice(0, LONGEST_TEXT)}… `, more);
}
