/** Which pixels are kept: the upper half, or what a visitor has left with a brush on the picture itself. */

import { Board } from "../kit/board.js";
import { h } from "../kit/dom.js";
import { PIXELS, SIDE } from "../kit/pixels.js";
import { fromBase64, packBits, toBase64Url, unpackBits } from "../kit/tensors.js";

const SIZE = 308;
const REACH = 2;

/** 784 flags, 1 = kept, of the pixels for which `keeps(row, column)` holds. */
export const maskOf = (keeps) =>
  Uint8Array.from({ length: PIXELS }, (_, i) => (keeps(Math.floor(i / SIDE), i % SIDE) ? 1 : 0));

export const toMask = (flags) => toBase64Url(packBits(flags));

const TOP = maskOf((row) => row < SIDE / 2);
const ALL = maskOf(() => true);

/** What the store says is kept; a mask that is not painted yet keeps everything. */
export function keptOf({ keep, mask }) {
  if (keep === "top") return TOP;
  return mask === null ? ALL : unpackBits(fromBase64(mask));
}

/** The board with the kept pixels of a picture, to be painted on by pointer, finger or keys. */
export class Mask {
  /** `onPaint(flags, {commit})` is told of every dab, and with `commit` when the brush is lifted. */
  constructor(onPaint) {
    Object.assign(this, { onPaint, keeps: false, kept: TOP, pen: null });
    this.board = new Board({
      label: "What is kept. Paint with pointer or finger; arrow keys move, Space dabs",
      size: SIZE,
      onHover: () => {},
    });
    this.element = h("div", { class: "mask" }, this.board.element);
    this.listen();
  }

  listen() {
    const { canvas } = this.board;
    canvas.addEventListener("pointerdown", (event) => this.take(event));
    canvas.addEventListener("pointermove", (event) => this.pen !== null && this.strokeTo(this.board.pixelAt(event)));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.lift());
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  take(event) {
    if (event.button > 0) return;
    this.board.canvas.setPointerCapture(event.pointerId);
    this.pen = this.board.pixelAt(event);
    this.dab(this.pen);
  }

  /** Dabs along the line from where the brush was. */
  strokeTo(pixel) {
    const [x0, y0, x1, y1] = [this.pen % SIDE, Math.floor(this.pen / SIDE), pixel % SIDE, Math.floor(pixel / SIDE)];
    const length = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (let i = 1; i <= length; i++) {
      this.dab(Math.round(y0 + ((y1 - y0) * i) / length) * SIDE + Math.round(x0 + ((x1 - x0) * i) / length));
    }
    this.pen = pixel;
  }

  lift() {
    if (this.pen === null) return;
    this.pen = null;
    this.onPaint(this.kept, { commit: true });
  }

  key(event) {
    if (event.key !== " " && event.key !== "Enter") return;
    this.dab(this.board.cursor ?? (SIDE / 2) * SIDE + SIDE / 2);
    this.onPaint(this.kept, { commit: true });
    event.preventDefault();
    event.stopPropagation();
  }

  dab(pixel) {
    const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
    const near = (i) => Math.hypot(Math.floor(i / SIDE) - row, (i % SIDE) - column) <= REACH + 0.3;
    this.kept = this.kept.map((flag, i) => (near(i) ? Number(this.keeps) : flag));
    this.onPaint(this.kept, { commit: false });
  }

  /** Shows the kept pixels of 784 values in 0…1, the rest as empty ground. */
  show(values, kept) {
    if (this.pen === null) this.kept = kept;
    const pixels = Array.from(kept.keys());
    const order = [...pixels.filter((i) => kept[i]), ...pixels.filter((i) => !kept[i])];
    const known = kept.reduce((sum, flag) => sum + flag, 0);
    this.board.show({
      values,
      order,
      known,
      outline: known < PIXELS ? kept.map((flag) => 1 - flag) : null,
      words: `${known} of ${PIXELS} pixels are kept`,
    });
  }
}
