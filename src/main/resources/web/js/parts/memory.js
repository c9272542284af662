/**
 * What the memory holds: a row for each head, a column for each segment that was folded, the darker
 * the more of the head's neurons fire. Where nothing fires, how far their potentials are from zero.
 */
import { colour, prepare, Redraw } from '../canvas.js';
import { h, replace, say } from '../dom.js';
import { bytes, counted } from '../format.js';

const ROW = 3;
const GAP = 1;
const BETWEEN_LAYERS = 4;
const WIDEST_COLUMN = 20;

export class Memory {
  #talk;
  #canvas;
  #note;
  #table;
  #redraw;
  #details;
  #about = null;

  constructor(talk) {
    this.#talk = talk;
    this.#canvas = h('canvas', { role: 'img', 'aria-label': 'Memory: nothing yet' });
    this.#note = h('p', { class: 'note' }, 'Empty until the first segment is folded into it.');
    this.#table = h('div', { class: 'numbers', tabindex: '0', role: 'group', 'aria-label': 'Firing rate per layer and head' });
    const details = h('details', { class: 'as-table', hidden: true }, h('summary', {}, 'In numbers'), this.#table);
    details.addEventListener('toggle', () => this.#tabulate());
    this.#details = details;
    this.element = h('section', { class: 'memory', 'aria-labelledby': 'memory-title' },
      h('div', { class: 'memory-head' }, h('h3', { id: 'memory-title' }, 'Memory'), this.#note, details), this.#canvas);
    this.#redraw = new Redraw(this.element, () => this.#draw());
    this.#draw();
  }

  close() {
    this.#redraw.close();
  }

  /** There is another state, or none any more. */
  changed(about = this.#about) {
    this.#about = about;
    this.#redraw.schedule();
    this.#tell();
    this.#tabulate();
  }

  /** Rates as [layer][head] of a state, or null where there is nothing to show. */
  #rates(state) {
    return state?.firing ?? state?.potential ?? null;
  }

  #tell() {
    const now = this.#talk.memory.at(-1);
    const rates = this.#rates(now);
    const size = this.#about?.bytes > 0 ? `, ${bytes(this.#about.bytes)}` : '';
    this.#details.hidden = rates === null;
    this.#canvas.hidden = rates === null;
    if (now === undefined) {
      say(this.#note, 'Empty until the first segment is folded into it.');
      this.#canvas.setAttribute('aria-label', 'Memory: nothing yet');
      return;
    }
    const kind = this.#about?.kind ?? '';
    if (rates === null) {
      say(this.#note, kind === 'none' ? 'This model reads each segment alone: it has no memory.'
        : `${counted(now.segments, 'segment')} in a memory of kind ${kind}${size}; it has no neurons to look at.`);
      return;
    }
    const fires = now.firing !== null && now.firing !== undefined;
    const all = rates.flat();
    const mean = all.reduce((a, b) => a + b, 0) / Math.max(1, all.length);
    const value = (v) => (fires ? `${Math.round(v * 100)} %` : v.toPrecision(2));
    say(this.#note, fires
      ? `${counted(now.segments, 'segment')} folded into the same ${size === '' ? 'few bytes' : size.slice(2)}; ${value(mean)} of the neurons fire.`
      : `${counted(now.segments, 'segment')} folded into the same ${size === '' ? 'few bytes' : size.slice(2)}; mean potential ${value(mean)}.`);
    const busiest = rates
      .flatMap((heads, layer) => heads.map((rate, head) => ({ rate, layer, head })))
      .reduce((a, b) => (b.rate > a.rate ? b : a));
    this.#canvas.setAttribute('aria-label',
      `${fires ? 'Share of neurons that fire' : 'Potential of the neurons'}, ${counted(rates.length, 'layer')} of ${counted(rates[0].length, 'head')}, `
      + `over the last ${counted(this.#talk.memory.length, 'state')}. Now ${value(mean)} on average; `
      + `most in layer ${busiest.layer + 1}, head ${busiest.head + 1}: ${value(busiest.rate)}.`);
  }

  #draw() {
    const states = this.#talk.memory;
    const now = this.#rates(states.at(-1));
    if (now === null) {
      return;
    }
    const width = this.#canvas.clientWidth;
    const rows = now.reduce((n, heads) => n + heads.length, 0);
    const height = rows * (ROW + GAP) + (now.length - 1) * BETWEEN_LAYERS;
    this.#canvas.style.height = `${height}px`;
    const context = prepare(this.#canvas, width, height);
    const column = Math.min(WIDEST_COLUMN, Math.max(1, width / states.length));
    const shown = states.slice(-Math.floor(width / column));
    const values = shown.flatMap((state) => this.#rates(state)?.flat() ?? []);
    const least = Math.min(...values);
    const range = Math.max(1e-9, Math.max(...values) - least);
    context.fillStyle = colour(this.element, '--accent');
    shown.forEach((state, i) => {
      let y = 0;
      for (const heads of this.#rates(state) ?? []) {
        for (const rate of heads) {
          // from the palest to the darkest that is shown: heads differ by a few per cent
          context.globalAlpha = 0.07 + 0.93 * (rate - least) / range;
          context.fillRect(i * column, y, Math.max(1, column - (column > 3 ? GAP : 0)), ROW);
          y += ROW + GAP;
        }
        y += BETWEEN_LAYERS;
      }
    });
    context.globalAlpha = 1;
  }

  /** The same for those who cannot see the picture; only while it is open. */
  #tabulate() {
    const rates = this.#rates(this.#talk.memory.at(-1));
    if (!this.#details.open || rates === null) {
      return;
    }
    const fires = (this.#talk.memory.at(-1).firing ?? null) !== null;
    replace(this.#table, h('table', {},
      h('caption', {}, fires ? 'Neurons that fire, per cent' : 'Mean potential'),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Layer'),
        rates[0].map((_, head) => h('th', { scope: 'col' }, `Head ${head + 1}`)))),
      h('tbody', {}, rates.map((heads, layer) => h('tr', {}, h('th', { scope: 'row' }, String(layer + 1)),
        heads.map((rate) => h('td', {}, fires ? (rate * 100).toFixed(1) : rate.toPrecision(2))))))));
  }
}
