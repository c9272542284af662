/** A small curve with its present value beside it, and the same said in words. */
import { h, s, say } from '../dom.js';

const WIDTH = 160;
const HEIGHT = 36;

export class Sparkline {
  #values = [];
  #length;
  #format;
  #label;
  #line;
  #area;
  #number;
  #svg;

  /**
   * @param {object} options
   * @param {string} options.label what it measures
   * @param {(value: number) => string} options.format with its unit
   * @param {number} options.length most values shown
   */
  constructor({ label, format, length = 90 }) {
    this.#label = label;
    this.#format = format;
    this.#length = length;
    this.#area = s('path', { class: 'area' });
    this.#line = s('path', { class: 'line' });
    this.#svg = s('svg', {
      class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${label}: no value yet`,
    }, this.#area, this.#line);
    this.#number = h('span', { class: 'value' }, '–');
    this.element = h('div', { class: 'measure' }, h('p', { class: 'measure-label' }, label), this.#number, this.#svg);
  }

  /** @param {number | null} value null where nothing was measured: the curve goes on to the next value */
  push(value) {
    this.#values.push(value);
    if (this.#values.length > this.#length) {
      this.#values.shift();
    }
    this.#draw();
  }

  #draw() {
    const known = this.#values.filter((value) => value !== null);
    const most = Math.max(1e-9, ...known);
    const x = (i) => WIDTH - (this.#values.length - 1 - i) * (WIDTH / (this.#length - 1));
    const y = (value) => HEIGHT - 2 - (value / most) * (HEIGHT - 5);
    let line = '';
    let first = null;
    let last = null;
    this.#values.forEach((value, i) => {
      if (value !== null) {
        line += `${first === null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
        first ??= i;
        last = i;
      }
    });
    const area = first === null ? '' : `${line}L${x(last).toFixed(1)} ${HEIGHT}L${x(first).toFixed(1)} ${HEIGHT}Z`;
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', area);
    const now = known.at(-1);
    say(this.#number, now === undefined ? '–' : this.#format(now));
    this.#svg.setAttribute('aria-label', now === undefined ? `${this.#label}: no value yet`
      : `${this.#label}: now ${this.#format(now)}, at most ${this.#format(most)} in the last ${this.#values.length} seconds`);
  }
}
