/** Modes that ask one question about a test recording, or about a visitor's own sound. */

import { Exhibit } from "../kit/panel/exhibit.js";
import { createListen } from "./audio.js";
import { createOwn, ownSound } from "./own.js";
import { Wave } from "./wave.js";

export class Recorded extends Exhibit {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.numbers.before(this.listen); // first of all in the panel
  }

  /** The elements of the picture. @returns {HTMLElement[]} */
  add() {
    this.wave = new Wave(this.ctx, {
      label: "The recording",
      height: 150,
      onMove: (tap, { rest }) => this.ctx.store.set({ tap: Math.min(tap, this.levels.length - 1) }, { commit: rest }),
    });
    return [this.wave.element];
  }

  below() {
    const { store } = this.ctx;
    const value = this.ctx.value();
    const nameOf = () => `${store.get().digit}-${store.get().speaker}`;
    this.own = createOwn({ ...value, onChange: () => this.renew() });
    this.listen = createListen({ rate: value.rate, levelsOf: () => this.levels, nameOf });
    return [this.own.element];
  }

  /** The watched sample: the chosen one, else the last. */
  now(key) {
    const last = this.levels.length - 1;
    return key === "tap" ? Math.min(this.ctx.store.get().tap ?? last, last) : super.now(key);
  }

  again() {
    const { peaks } = this.ctx.value();
    const own = ownSound(peaks[this.ctx.store.get().speaker]);
    this.own.update();
    this.answer.name = own ? `${this.declared.ask}_own` : this.declared.ask;
    this.answer.want(this.ctx.net().error ? null : { ...this.controls.request(), ...(own && { own }) });
  }

  renew() {
    this.again();
    this.show();
  }

  /** The samples of the sound in the answer, a byte each. */
  get levels() {
    return this.value && this.bytesOf(this.value.levels);
  }

  draw(value) {
    super.draw(value);
    const tap = this.now("tap");
    this.listen.update();
    this.wave.show(this.levels, {
      cursor: tap,
      name: `${this.answer.asked.own ? "Your sound" : "Test recording"}: amplitude`,
      words: `${this.levels.length} samples, watched at ${this.wave.msOf(tap).toFixed(0)} ms`,
    });
  }
}

export default {
  create: (ctx) => new Recorded(ctx, ctx.id),
};
