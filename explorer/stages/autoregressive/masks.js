/** Masks: what a kernel, layers of them, a stack of plain kernels and a MADE let a prediction depend on. */

import { Matrix } from "../kit/chart/matrix.js";
import { Board } from "../kit/image/board.js";
import { LARGE, setWidest } from "../kit/image/pixels.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { button, fill, h, setText } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";

const SMALL = 180;
const VEIL = 0.75;

const flagsOf = (bits) => (bits ? unpackBits(fromBase64(bits)) : null);

class Masks extends Exhibit {
  constructor(ctx) {
    super(ctx, "masks");
    this.dims.push(this.cells.element);
  }

  add() {
    const onTap = (pixel) => this.ctx.store.commit({ pixel });
    this.board = new Board({
      label: "What the prediction may depend on; a tap chooses another pixel",
      size: LARGE,
      onTap,
    });
    this.caption = h("p", { class: "note result" });
    return [h("div", { class: "masked" }, this.board.element, this.caption)];
  }

  below() {
    this.cells = new Matrix(this.ctx, "Kernel; the outlined cell is its centre");
    this.links = h("div", { class: "row" });
    return [this.cells.element, this.links];
  }

  draw(value) {
    super.draw(value);
    const { board, caption, links = [], matrix } = this.shown(value);
    const values = Float32Array.from(fromBase64(board.values), (level) => level / 255);
    const [veil, marks, outline] = [board.veil, board.marks, board.outline].map(flagsOf);
    this.board.show({ ...board, values, marks, outline, veil: veil && Float32Array.from(veil, (bit) => VEIL * bit) });
    setWidest(this.board.element, `${board.small ? SMALL : LARGE}px`);
    this.ctx.show("out", values);
    setText(this.caption, caption);
    this.cells.element.hidden = !matrix;
    if (matrix) this.cells.show(matrix);
    fill(this.links, links.map(([title, state]) => button(title, () => this.ctx.store.commit(state))));
  }

  hasResult() {
    return Boolean(this.value);
  }
}

export default {
  create: (ctx) => new Masks(ctx),
};
