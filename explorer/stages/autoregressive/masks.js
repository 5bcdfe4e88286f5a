/** Masks: what a kernel, layers of them, a stack of plain kernels and a MADE let a prediction depend on. */

import { button, fill, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { Matrix } from "../kit/chart/matrix.js";
import { Board } from "../kit/image/board.js";
import { LARGE, setWidest } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";

const SMALL = 180;
const VEIL = 0.75;

const flagsOf = (bits) => (bits ? unpackBits(fromBase64(bits)) : null);

/** @param {import("../kit/panel/mode.js").Self} self */
function masks(self) {
  const { ctx } = self;
  const { shown, show } = exhibit(self);
  const label = "What the prediction may depend on; a tap chooses another pixel";
  const board = new Board({ label, size: LARGE, onTap: (pixel) => ctx.store.commit({ pixel }) });
  const cells = new Matrix(ctx, "Kernel; the outlined cell is its centre");
  const links = h("div", { class: "row" });
  whenever(() => {
    if (!shown.value) return;
    const { board: told, links: leads = [], matrix } = shown.value;
    const values = Float32Array.from(fromBase64(told.values), (level) => level / 255);
    const [veil, marks, outline] = [told.veil, told.marks, told.outline].map(flagsOf);
    board.show({ ...told, values, marks, outline, veil: veil && Float32Array.from(veil, (bit) => VEIL * bit) });
    setWidest(board.element, `${told.small ? SMALL : LARGE}px`);
    ctx.show("out", values);
    cells.element.hidden = !matrix;
    if (matrix) cells.show(matrix);
    fill(links, leads.map(([title, state]) => button(title, () => ctx.store.commit(state))));
  });
  const caption = h("p", { class: "note result" }, () => shown.value?.caption ?? "");
  const masked = h("div", { class: "masked" }, board.element, caption);
  return show({ add: [masked], below: [cells.element, links], dims: [cells.element] }).mode;
}

export default mode(masks);
