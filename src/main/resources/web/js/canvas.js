/** What pictures on a canvas need: sharp pixels on every screen, and the colours of the style sheet. */

/**
 * Fits a canvas to its place on the page.
 *
 * @returns {CanvasRenderingContext2D} that draws in CSS pixels, cleared
 */
export function prepare(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export const colour = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

/** Draws when something has changed, once per frame, and when size or theme are others. */
export class Redraw {
  #draw;
  #waiting = false;
  #sizes;
  #schedule = () => this.schedule();

  constructor(element, draw) {
    this.#draw = draw;
    this.#sizes = new ResizeObserver(this.#schedule);
    this.#sizes.observe(element);
    addEventListener('themechange', this.#schedule);
  }

  schedule() {
    if (!this.#waiting) {
      this.#waiting = true;
      requestAnimationFrame(() => {
        this.#waiting = false;
        this.#draw();
      });
    }
  }

  close() {
    this.#sizes.disconnect();
    removeEventListener('themechange', this.#schedule);
  }
}
