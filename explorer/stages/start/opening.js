/** The recorded films of the first page: every family draws the same seed, again and again until somebody touches it. */

import { cut, readJson, readSheet } from "../kit/image/sheets.js";

export class Opening {
  /** `onFrame(at)` is told which frame to show. */
  constructor(ctx, onFrame, { every = 110, rest = 32, first = 4 } = {}) {
    Object.assign(this, { ctx, onFrame, every, rest, first, timer: 0, films: new Map(), touched: false });
  }

  /** Resolves to whether what this data set's families draw from a seed is recorded; it plays unless motion is unwanted. */
  async plays(dataset, seed) {
    const film = await this.read(dataset);
    if (film?.seed !== seed) return false;
    this.film = film;
    if (!this.touched && !this.ctx.prefersReducedMotion()) this.start();
    return true;
  }

  /** The film of a data set; undefined where none is recorded. */
  async read(dataset) {
    const path = this.ctx.value().opening[dataset];
    if (path && !this.films.has(dataset)) {
      try {
        const [facts, sheet] = await Promise.all(
          [readJson(`${this.ctx.base}${path}.json`), readSheet(`${this.ctx.base}${path}.png`)],
        );
        this.films.set(dataset, { ...facts, sheet });
      } catch (error) {
        console.warn(error.message);
      }
    }
    return this.films.get(dataset);
  }

  start() {
    let at = this.film.frames + this.rest - this.first; // what was drawn comes first, and rests longest
    this.stop();
    this.timer = setInterval(() => {
      if (!this.ctx.root.clientWidth || document.hidden) return;
      this.onFrame(Math.min(at, this.film.frames - 1));
      at = (at + 1) % (this.film.frames + this.rest);
    }, this.every);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** Somebody has touched the page: nothing plays by itself any more. */
  end() {
    this.touched = true;
    this.stop();
  }

  /** A frame of a network, as 784 bytes; null where none was recorded. */
  frame(net, at, { nets, frames, sheet } = this.film) {
    const row = nets.indexOf(net);
    return row < 0 ? null : cut(sheet, row * frames + at);
  }

  /** The last frame of a network; null where it is not recorded for this data set and this seed. */
  last(net, dataset, seed) {
    const film = this.films.get(dataset);
    return film?.seed === seed ? this.frame(net, film.frames - 1, film) : null;
  }
}
