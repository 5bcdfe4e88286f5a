/** The recorded films of the first page: what every family draws from one seed, step by step. */

import { cut, readJson, readSheet } from "../kit/image/sheets.js";

export class Opening {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    /** @type {Map<string, {seed: number, nets: string[], frames: number, sheet: Sheet}>} */
    this.films = new Map();
  }

  /** The film of a data set; undefined where none is recorded. @param {string} dataset */
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

  /**
   * A frame of a network, as 784 bytes; null where none is recorded for this seed.
   * @param {string} net @param {number} at @param {string} dataset @param {number} seed
   */
  frame(net, at, dataset, seed) {
    const film = this.films.get(dataset);
    const row = film?.seed === seed ? film.nets.indexOf(net) : -1;
    return row < 0 ? null : cut(film.sheet, row * film.frames + at);
  }
}
