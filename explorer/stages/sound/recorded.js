/** Base of the modes that ask one question about a test recording, with the panel that Python declares. */

import { createTries } from "../kit/lesson/tries.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { Answered } from "../kit/shell/answered.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { createSeen, dim, fillPanel } from "../kit/shell/parts.js";
import { createListen } from "./audio.js";
import { Wave } from "./wave.js";

/** A subclass says `draw()`, `rows(value)` and `words()`; its `parts` stand below the wave. */
export class Recorded {
  constructor(ctx, mode) {
    const declared = ctx.value().panels[mode];
    Object.assign(this, { ctx, rate: ctx.value().rate, answer: new Answered(ctx, declared.ask, () => this.show()) });
    this.wave = new Wave(ctx, { label: "The recording", height: 150, onMove: (...place) => this.choose(...place) });
    this.controls = createControls(ctx, declared);
    this.numbers = headline(this.rows(null), 0);
    this.seen = createSeen();
    this.declared = declared;
  }

  open(...parts) {
    const { ctx, declared } = this;
    this.screen = h("div", { class: "sound-screen" }, this.wave.element, parts);
    fill(ctx.main, this.screen);
    const listen = createListen({
      rate: this.rate,
      levelsOf: () => this.levels,
      nameOf: () => `${ctx.store.get().digit}-${ctx.store.get().speaker}`,
    });
    const tries = createTries(ctx, declared.tries);
    fillPanel(ctx, this.numbers, this.controls.element, listen, this.seen.element, tries);
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

  update(changed) {
    this.controls.update();
    if (changed.has("mode") || this.controls.asks.some((key) => changed.has(key))) this.again();
    dim(this.screen, !this.answer.isCurrent);
    if (changed.has("tap")) this.show();
  }

  again() {
    this.answer.want(this.ctx.net().error ? null : this.controls.request());
  }

  show() {
    const { value } = this.answer;
    dim(this.screen, !this.answer.isCurrent);
    if (!value) return;
    this.levels = fromBase64(value.levels);
    const ms = this.wave.msOf(this.tap);
    this.wave.show(this.levels, {
      cursor: this.tap,
      name: "Test recording, over milliseconds",
      words: `${this.levels.length} samples, watched at ${ms.toFixed(0)} ms`,
    });
    this.draw(value);
    this.numbers.set(this.rows(value));
    this.seen(this.words(value));
  }

  hasResult() {
    return Boolean(this.answer.value);
  }
}
