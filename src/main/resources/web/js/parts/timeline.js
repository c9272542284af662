/**
 * The revisions of a summary, from left to right: words added upwards, words taken back downwards,
 * and below where in the talk the sentences shown were said. A slider over it goes back in time.
 */
import { colour, prepare, Redraw } from '../canvas.js';
import { h, say } from '../dom.js';
import { counted, number, talkTime, words } from '../format.js';
import { placeOf } from '../talk.js';

/** Half of the slider's handle: its middle cannot come closer to an end. As in stream.css. */
const MARGIN = 9;
const DOTS_HEIGHT = 12;

export class Timeline {
  #talk;
  #canvas;
  #slider;
  #where;
  #live;
  #redraw;
  #at = null;
  #shown = null;
  #onShow;

  /**
   * @param {import('../talk.js').Talk} talk
   * @param {(summary: object, live: boolean) => void} onShow told which revision is wanted
   */
  constructor(talk, onShow) {
    this.#talk = talk;
    this.#onShow = onShow;
    this.#canvas = h('canvas', { 'aria-hidden': 'true' });
    this.#slider = h('input', {
      type: 'range', min: '0', max: '0', value: '0', disabled: true, 'aria-label': 'Revision of the summary',
    });
    this.#where = h('p', { class: 'where' });
    this.#live = h('button', { type: 'button', class: 'small', hidden: true, onclick: () => this.toLive() }, 'Back to now');
    const step = (by, label, glyph) => h('button', {
      type: 'button', class: 'quiet small', 'aria-label': label, title: label, onclick: () => this.#step(by),
    }, glyph);
    this.element = h('section', { class: 'timeline', 'aria-label': 'Revisions' },
      h('div', { class: 'track' }, this.#canvas, this.#slider),
      h('div', { class: 'controls' }, step(-1, 'Earlier revision', '‹'), step(1, 'Later revision', '›'), this.#where,
        h('p', { class: 'legend', 'aria-hidden': 'true' },
          h('span', { class: 'up' }, 'added'), h('span', { class: 'down' }, 'taken back'), h('span', { class: 'spot' }, 'where the summary was said')),
        this.#live));
    this.#slider.addEventListener('input', () => this.#choose(Number(this.#slider.value)));
    this.#redraw = new Redraw(this.element, () => this.#draw());
  }

  close() {
    this.#redraw.close();
  }

  get live() {
    return this.#at === null;
  }

  /** The talk has other revisions than before. */
  changed() {
    const last = Math.max(0, this.#talk.revisions.length - 1);
    this.#slider.disabled = last === 0;
    this.#slider.max = String(last);
    if (this.#at !== null) {
      // the reader stays at the revision looked at, though earlier ones may have come before it
      const at = placeOf(this.#talk.revisions.map((r) => r.revision), this.#at.revision);
      this.#slider.value = String(Math.min(last, at));
    } else {
      this.#slider.value = String(last);
    }
    this.#tell();
  }

  /** Which summary is shown, for the dots below. */
  shows(summary) {
    this.#shown = summary;
    this.#redraw.schedule();
  }

  toLive() {
    const hadFocus = document.activeElement === this.#live;
    this.#at = null;
    this.changed();
    if (hadFocus) {
      this.#slider.focus();
    }
    if (this.#talk.latest !== null) {
      this.#onShow(this.#talk.latest, true);
    }
  }

  #step(by) {
    const at = Number(this.#slider.value) + by;
    if (at >= 0 && at < this.#talk.revisions.length) {
      this.#slider.value = String(at);
      this.#choose(at);
    }
  }

  #choose(at) {
    const last = this.#talk.revisions.length - 1;
    if (at >= last) {
      this.toLive();
      return;
    }
    this.#at = this.#talk.revisions[at];
    this.#tell();
    this.#onShow(this.#at, false);
  }

  #tell() {
    const { revisions, latest } = this.#talk;
    const shown = this.#at ?? latest;
    this.#live.hidden = this.#at === null;
    this.element.classList.toggle('back', this.#at !== null);
    let text = 'No revision yet';
    if (shown !== null) {
      const time = talkTime(this.#talk.reach(shown));
      const changes = [
        shown.added.length > 0 && `${counted(shown.added.length, 'sentence')} added`,
        shown.removed.length > 0 && `${number(shown.removed.length)} taken back`,
      ].filter(Boolean).join(', ');
      text = `Revision ${number(shown.revision)} of ${number(latest.revision)}${time ? ` · ${time}` : ''}${changes ? ` · ${changes}` : ''}`;
    }
    say(this.#where, text);
    this.#slider.setAttribute('aria-valuetext', text);
    this.#slider.classList.toggle('idle', revisions.length < 2);
    this.#redraw.schedule();
  }

  #draw() {
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    const context = prepare(this.#canvas, width, height);
    const { revisions } = this.#talk;
    if (revisions.length === 0 || width < 2 * MARGIN) {
      return;
    }
    const accent = colour(this.element, '--accent');
    const muted = colour(this.element, '--mute');
    const line = colour(this.element, '--line');
    const last = Math.max(1, revisions.length - 1);
    const x = (i) => MARGIN + (i / last) * (width - 2 * MARGIN);
    const columns = columnsOf(revisions, Math.floor((width - 2 * MARGIN) / 3));
    const most = Math.max(12, ...columns.map((c) => Math.max(c.added, c.removed)));
    const zero = Math.round((height - DOTS_HEIGHT) * 0.66);
    const scale = (zero - 3) / Math.sqrt(most);
    const room = (width - 2 * MARGIN) / Math.max(1, columns.length);
    const thick = Math.max(1.5, Math.min(7, room * 0.62));
    context.fillStyle = line;
    context.fillRect(MARGIN, zero, width - 2 * MARGIN, 1);
    const now = Number(this.#slider.value);
    for (const column of columns) {
      const left = x(column.at) - thick / 2;
      context.globalAlpha = column.at > now ? 0.3 : 1;
      bar(context, accent, left, zero, thick, -Math.sqrt(column.added) * scale);
      bar(context, muted, left, zero + 1, thick, Math.min(Math.sqrt(column.removed) * scale, height - DOTS_HEIGHT - zero - 2));
    }
    context.globalAlpha = 1;
    this.#dots(context, x, height - DOTS_HEIGHT / 2, accent);
  }

  /** Where in the talk the sentences shown were said. */
  #dots(context, x, y, accent) {
    const { revisions } = this.#talk;
    const covered = revisions.map((r) => r.covered?.last ?? -1);
    context.fillStyle = accent;
    for (const sentence of this.#shown?.sentences ?? []) {
      const at = placeOf(covered, sentence.source.sequences[0] ?? 0);
      context.beginPath();
      context.arc(x(Math.min(at, revisions.length - 1)), y, 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

function bar(context, fill, left, from, width, height) {
  if (height !== 0) {
    context.fillStyle = fill;
    context.fillRect(left, from, width, height);
  }
}

/** Revisions side by side as far as there is room; then several in a column. */
function columnsOf(revisions, most) {
  const step = Math.max(1, Math.ceil(revisions.length / Math.max(1, most)));
  const columns = [];
  for (let i = 0; i < revisions.length; i += step) {
    const some = revisions.slice(i, i + step);
    const sum = (name) => some.reduce((n, r) => n + r[name].reduce((m, text) => m + words(text), 0), 0);
    columns.push({ at: i + (some.length - 1) / 2, added: sum('added'), removed: sum('removed') });
  }
  return columns;
}
