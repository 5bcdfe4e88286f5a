/** A mode that asks one question, whose answer brings its numbers, its sentence and its table. */

import { tableOfFigures } from "../export/csv.js";
import { PanelAnswer } from "./panel_answer.js";

/** A subclass says `draw(value)`, and calls `open` once; the tab's `heads` name the numbers before they are there. */
export class ReportAnswer extends PanelAnswer {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.mode = mode;
  }

  /** Part of the answer with its numbers and its sentence; a subclass may have several. */
  shown(value) {
    return value.report ?? value;
  }

  rows(value) {
    return value ? this.shown(value).numbers : this.ctx.value().heads[this.mode].map((name) => [name, "–", ""]);
  }

  words(value) {
    return this.shown(value).words;
  }

  table() {
    return this.value && { name: this.mode, rows: this.value.table ?? tableOfFigures(this.rows(this.value)) };
  }
}
