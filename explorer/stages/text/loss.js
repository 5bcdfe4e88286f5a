/** Loss: by distance from a real beginning, on the network's own text; and by size and amount of text. */

import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { Drift } from "./loss_drift.js";
import { Size } from "./loss_size.js";

const PARTS = { drift: Drift, size: Size };

class Loss extends PanelAnswer {
  constructor(ctx) {
    super(ctx, "loss");
    this.parts = Object.fromEntries(Object.entries(PARTS).map(([name, Part]) => [name, new Part(ctx)]));
    this.open(h("div", {}));
  }

  get part() {
    return this.parts[this.ctx.store.get().part];
  }

  /** The answer, if it is to a question about this part. */
  get value() {
    const { asked, value } = this.answer;
    return asked?.part === this.ctx.store.get().part ? value : null;
  }

  show() {
    const { part } = this;
    if (this.shown !== part) {
      this.shown = part;
      fill(this.screen, part.screen);
      const numbers = headline(part.rows(null), 0);
      this.numbers.replaceWith(numbers);
      this.numbers = numbers;
    }
    super.show();
    if (!this.value && !this.answer.failed) {
      this.seen("The network continues a real text; its characters are measured.");
    }
  }

  draw(value) {
    this.part.show(value);
  }

  rows(value) {
    return this.part.rows(value);
  }

  words(value) {
    return this.part.words(value);
  }

  picture() {
    return this.value && this.part.chart.canvas;
  }

  table() {
    return this.value && this.part.table(this.value);
  }
}

export default {
  hint: "How does the loss change with size and data?",
  create: (ctx) => new Loss(ctx),
};
