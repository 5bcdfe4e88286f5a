/** What the parts of the masks share: the pixel that they are about, an image to lay their sets on, and a slider. */

import { Board } from "../kit/image/board.js";
import { LARGE, SIDE } from "../kit/image/pixels.js";
import { h } from "../kit/shell/dom.js";
import { createSeen } from "../kit/shell/parts.js";
import { keySlider } from "../kit/shell/slider.js";

const MIDDLE = 406;
const EXAMPLE = 8;
const NONE = new Float32Array(784);

/** The pixel that was chosen, or one in the middle. */
export const chosenPixel = (ctx) => ctx.store.get().pixel ?? MIDDLE;

/** A test image in 0…1, black while it is on the way; the stage is drawn again when it has come. */
export function underlay(ctx) {
  const { assets } = ctx;
  if (assets.ready) return Float32Array.from(assets.bits(EXAMPLE));
  ctx.images(ctx.store.get().set ?? ctx.net().dataset);
  return NONE;
}

export const countOf = (bits) => bits.reduce((sum, bit) => sum + bit, 0);

/** How many layers are stacked. */
export const createLayers = (ctx, name, { low, high }) => {
  const slider = keySlider(ctx, "layer", name, {
    field: { low, high },
    step: 1,
    words: (layer) => `${layer} of ${slider.input.max}`,
    live: true,
  });
  return slider;
};

/** The row and the column of a pixel, from 0. */
export const cellOf = (pixel) => [Math.floor(pixel / SIDE), pixel % SIDE];

/** A part with a board on which a pixel is chosen; a subclass says `show()`, and `table()`, which is null for none. */
export class MaskPart {
  constructor(ctx, label) {
    this.ctx = ctx;
    this.board = new Board({ label, size: LARGE, onTap: (pixel) => ctx.store.commit({ pixel }) });
    this.caption = h("p", { class: "note" });
    this.seen = createSeen();
    this.main = h("div", { class: "picture masked" }, this.board.element, this.caption);
  }

  hasResult(what) {
    return what !== "table" || this.table() !== null;
  }

  picture() {
    return this.board.copy();
  }
}
