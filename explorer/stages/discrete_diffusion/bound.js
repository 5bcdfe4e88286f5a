/** Bound: what the next pixel of a picture costs, and beside the bound the exact log p row by row, which takes longer. */

import { Answered } from "../kit/ask/answered.js";
import { Exhibit } from "../kit/panel/exhibit.js";

class Bound extends Exhibit {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.raster = new Answered(ctx, "in_raster_order", () => this.show());
  }

  again() {
    super.again();
    const { net, picture } = { ...this.controls.request(), ...this.given() };
    this.raster.want(picture && !this.ctx.net().error ? { net, picture } : null);
  }

  shown(value) {
    if (!this.raster?.isCurrent) return value;
    const { number, words } = this.raster.value;
    return { ...value, numbers: [...value.numbers.slice(0, -1), number], words: `${value.words} ${words}` };
  }
}

export default {
  create: (ctx) => new Bound(ctx, "bound"),
};
