/** Loss: by distance from a real beginning, on the network's own text; and by size and amount of text. */

import { createTries } from "../kit/lesson/tries.js";
import { Answered } from "../kit/shell/answered.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { createSeen, dim, fillPanel } from "../kit/shell/parts.js";
import { Drift } from "./loss_drift.js";
import { Size } from "./loss_size.js";

const PARTS = { drift: Drift, size: Size };

class Loss {
  constructor(ctx) {
    const declared = ctx.value().panels.loss;
    this.ctx = ctx;
    this.answer = new Answered(ctx, declared.ask, () => this.show());
    this.controls = createControls(ctx, declared);
    this.parts = Object.fromEntries(Object.entries(PARTS).map(([name, Part]) => [name, new Part(ctx)]));
    this.place = h("div", {});
    this.numbers = h("div", {});
    this.seen = createSeen();
    fill(ctx.main, this.place);
    const tries = createTries(ctx, declared.tries);
    fillPanel(ctx, this.numbers, this.controls.element, this.seen.element, tries);
  }

  get part() {
    return this.parts[this.ctx.store.get().part];
  }

  /** The answer, if it is to a question about this part. */
  get value() {
    const { asked, value } = this.answer;
    return asked?.part === this.ctx.store.get().part ? value : null;
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
    const { part, value } = this;
    if (this.shown !== part) {
      this.shown = part;
      fill(this.place, part.screen);
      this.list = headline(part.rows(null), 0);
      fill(this.numbers, this.list);
    }
    dim(part.screen, !this.answer.isCurrent);
    this.list.set(part.rows(value));
    this.seen(value ? part.words(value) : "");
    if (value) part.show(value);
  }

  hasResult() {
    return Boolean(this.value);
  }

  picture() {
    return this.value && this.part.chart.canvas;
  }

  table() {
    return this.value && this.part.table(this.value);
  }
}

export default {
  hint: "Does the loss grow on the network's own text? How does it fall with size and with text?",
  create: (ctx) => new Loss(ctx),
};
