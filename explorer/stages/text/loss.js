/** Loss: by distance from a real beginning, on the network's own text; and by size and amount of text. */

import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";
import { Drift } from "./loss_drift.js";
import { Size } from "./loss_size.js";

const PARTS = { drift: Drift, size: Size };

class Loss extends ToldAnswer {
  constructor(ctx) {
    super(ctx, "loss");
    this.mode = ctx.store.get().part;
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
    if (this.laid !== part) {
      this.laid = part;
      this.mode = this.ctx.store.get().part;
      fill(this.screen, part.screen);
      const numbers = headline(this.rows(null), 0);
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
    return [...super.rows(value), ...this.part.chosenRows(value)];
  }

  picture() {
    return this.value && this.part.chart.canvas;
  }
}

export default {
  hint: "How does the loss change with size and data?",
  create: (ctx) => new Loss(ctx),
};
