/** A mode that asks one question and shows its answer, with the panel that Python declares for it. */

import { createTries } from "../lesson/tries.js";
import { Answered } from "../ask/answered.js";
import { createControls } from "./controls.js";
import { fill } from "../base/dom.js";
import { headline, NOTHING } from "./more.js";
import { createSeen, dimAnswer, empty, fillPanel } from "./parts.js";

/**
 * A subclass says `draw(value)`, `rows(value)` (null: no answer yet) and `words(value)`, and calls `open` once; `waits`
 * stands on the stage until the first answer is there. `dims` are dimmed with an earlier answer: the screen, unless set.
 */
export class PanelAnswer {
  waits = "";

  constructor(ctx, mode) {
    this.ctx = ctx;
    this.declared = ctx.value().panels[mode];
    this.answer = new Answered(ctx, this.declared.ask, () => this.show());
  }

  /** Builds the mode around its `screen`; `below` stands in the panel under the controls. */
  open(screen, ...below) {
    const { ctx, declared } = this;
    this.dims = [screen];
    this.controls = createControls(ctx, declared);
    this.numbers = headline(this.rows(null), 0);
    this.seen = createSeen();
    this.waiting = empty(this.waits);
    this.waiting.classList.add("awaited");
    fill(ctx.main, this.waiting, screen);
    fillPanel(ctx, this.numbers, this.controls.element, ...below, this.seen.element, createTries(ctx, declared.tries));
  }

  /** The answer that is shown; null for none. */
  get value() {
    return this.answer.value;
  }

  /** True if the picture, its numbers and its sentence answer an earlier question. */
  get isEarlier() {
    return !this.answer.isCurrent;
  }

  again() {
    this.answer.want(this.controls.request());
  }

  update(changed) {
    this.controls.update();
    if (changed.has("mode") || this.controls.asks.some((key) => changed.has(key))) this.again();
    if (changed.size) this.show();
  }

  show() {
    const { value } = this;
    dimAnswer(this, this.isEarlier);
    this.waiting.hidden = Boolean(value || !this.waits);
    this.waiting.classList.toggle("awaited", this.answer.isPending);
    if (value) this.draw(value);
    const rows = this.rows(value);
    this.numbers.set(rows);
    this.numbers.hidden = Boolean(value) && rows[0][1] === NOTHING;
    this.seen(value ? this.words(value) : "");
  }

  hasResult() {
    return Boolean(this.value);
  }
}
