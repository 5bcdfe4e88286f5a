/** Base of the modes that ask one question about a test recording, or about a visitor's own sound. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/shell/dom.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";
import { createListen } from "./audio.js";
import { createOwn, ownSound } from "./own.js";
import { Wave } from "./wave.js";

/** A subclass draws its `parts`, which stand below the wave. */
export class Recorded extends ToldAnswer {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.rate = ctx.value().rate;
    this.wave = new Wave(ctx, { label: "The recording", height: 150, onMove: (...place) => this.choose(...place) });
  }

  /** `below` stands in the panel under the choice of a sound. */
  open(parts, below = []) {
    const { ctx } = this;
    const listen = createListen({
      rate: this.rate,
      levelsOf: () => this.levels,
      nameOf: () => `${ctx.store.get().digit}-${ctx.store.get().speaker}`,
    });
    this.own = createOwn({ ...ctx.value(), onChange: () => this.renew() });
    super.open(h("div", { class: "sound-screen" }, this.wave.element, parts), listen, this.own.element, ...below);
  }

  choose(tap, { rest }) {
    if (this.levels) this.ctx.store.set({ tap: Math.min(tap, this.levels.length - 1) }, { commit: rest });
  }

  /** The watched sample: the chosen one, else the last. */
  get tap() {
    const last = this.levels.length - 1;
    return Math.min(this.ctx.store.get().tap ?? last, last);
  }

  key({ key }) {
    const by = { ArrowLeft: -40, ArrowRight: 40 }[key];
    if (!by || !this.levels) return false;
    this.choose(Math.max(0, this.tap + by), { rest: true });
    return true;
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

  draw(value) {
    this.levels = fromBase64(value.levels);
    const ms = this.wave.msOf(this.tap);
    this.wave.show(this.levels, {
      cursor: this.tap,
      name: `${this.answer.asked.own ? "Your sound" : "Test recording"}, over milliseconds`,
      words: `${this.levels.length} samples, watched at ${ms.toFixed(0)} ms`,
    });
  }
}
