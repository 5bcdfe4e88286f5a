/** Mask of the kept pixels: the upper half, or those left by a brush on the picture itself. */

import { Board } from "../kit/image/board.js";
import { greyOf } from "../kit/panel/chosen.js";
import { h, isBrowsers } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { batch } from "../kit/base/vendor/signals-core.js";
import { segmented } from "../kit/panel/parts.js";
import { PIXELS, SIDE } from "../kit/image/pixels.js";
import { fromBase64, packBits, toBase64Url, unpackBits } from "../kit/plane/tensors.js";

const SIZE = 640;
const REACH = 2;

/** 784 flags, 1 = kept, of the pixels for which `keeps(row, column)` holds. */
const maskOf = (keeps) =>
  Uint8Array.from({ length: PIXELS }, (_, i) => (keeps(Math.floor(i / SIDE), i % SIDE) ? 1 : 0));

const toMask = (flags) => toBase64Url(packBits(flags));

const TOP = maskOf((row) => row < SIDE / 2);
const ALL = maskOf(() => true);

/** Kept pixels by the state; a mask that is not painted yet keeps everything. @param {State} state */
function keptOf({ keep, mask }) {
  if (keep === "top") return TOP;
  return mask === null ? ALL : unpackBits(fromBase64(mask));
}

/** The board with the kept pixels of a picture, to be painted on by pointer, finger or keys. */
export class Mask {
  /**
   * `onKeep(ended)` is called after every dab, with `ended` when the brush is lifted.
   * @param {Ctx} ctx @param {(ended: boolean) => void} onKeep
   */
  constructor(ctx, onKeep) {
    this.ctx = ctx;
    this.onKeep = onKeep;
    this.keeps = false;
    this.painted = TOP;
    /** @type {number | null} */
    this.pen = null;
    this.board = new Board({
      label: "What is kept. Paint with pointer or finger; arrow keys move, Space dabs",
      size: SIZE,
      onHover: () => {},
    });
    this.beside = h("div", { class: "mask" }, this.board.element);
    const { commit } = ctx.store;
    const kept = [["top", "Top half"], ["painted", "Painted"], ["all", "All"]];
    this.choice = segmented("Keep", kept, (keep) => commit(this.chosen(keep)));
    this.brush = segmented("Brush", [[false, "Rub out"], [true, "Bring back"]], (keeps) => this.take(keeps));
    this.control = h("div", { class: "row" }, this.choice, this.brush);
    this.take(false);
    this.listen();
  }

  /** Fields that a choice sets: everything is a mask of its own, and painting begins with the upper half. */
  chosen(keep) {
    if (keep === "top") return { keep };
    return { keep: "painted", mask: keep === "all" ? null : this.ctx.store.get().mask ?? toMask(TOP) };
  }

  /** Takes the brush that brings back, or the one that rubs out. */
  take(keeps) {
    this.keeps = keeps;
    this.brush.set(keeps);
  }

  /** 784 flags, 1 = kept. */
  get flags() {
    return keptOf(this.ctx.store.get());
  }

  get bits() {
    return packBits(this.flags);
  }

  /** Number of kept pixels. */
  get value() {
    return this.flags.reduce((sum, flag) => sum + flag, 0);
  }

  get isWhole() {
    return this.value === PIXELS;
  }

  get words() {
    return `${this.value} of ${PIXELS} pixels are kept`;
  }

  listen() {
    const { canvas } = this.board;
    const { store } = this.ctx;
    onDrag(canvas, {
      take: () => store.get(),
      move: (event) => this.strokeTo(this.board.pixelAt(event)),
      end: (event) => {
        this.strokeTo(this.board.pixelAt(event));
        this.lift();
      },
      cancel: ({ keep, mask }) => {
        this.pen = null;
        this.set({ keep, mask }, true);
      },
    }, { rested: true });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Dabs along the line from where the brush was; the first dab of a stroke stands alone. */
  strokeTo(pixel) {
    if (this.pen === null) this.dab(this.pen = pixel);
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
    this.paint(true);
  }

  /** Sets what is kept, which rests once it has `ended`. */
  set(kept, ended) {
    batch(() => {
      this.ctx.store.set(kept, { commit: ended });
      this.onKeep(ended);
    });
  }

  /** A dab of the brush, or its end. */
  paint(ended) {
    this.set({ keep: "painted", mask: toMask(this.painted) }, ended);
  }

  key(event) {
    if (!(event.key === " " || event.key === "Enter") || isBrowsers(event)) return;
    this.dab(this.board.cursor ?? (SIDE / 2) * SIDE + SIDE / 2);
    this.paint(true);
    event.preventDefault();
    event.stopPropagation();
  }

  dab(pixel) {
    const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
    const near = (i) => Math.hypot(Math.floor(i / SIDE) - row, (i % SIDE) - column) <= REACH + 0.3;
    this.painted = this.painted.map((flag, i) => (near(i) ? Number(this.keeps) : flag));
    this.paint(false);
  }

  /** Shows the kept pixels, the rest as empty ground. */
  update() {
    const { flags, value: known } = this;
    const { keep } = this.ctx.store.get();
    this.choice.set(keep === "painted" && this.isWhole ? "all" : keep);
    this.brush.hidden = keep !== "painted";
    if (this.pen === null) this.painted = flags;
    const grey = greyOf(this.ctx);
    if (!grey) return;
    const pixels = Array.from(flags.keys());
    this.board.show({
      values: Float32Array.from(grey, (level) => level / 255),
      order: [...pixels.filter((i) => flags[i]), ...pixels.filter((i) => !flags[i])],
      known,
      outline: this.isWhole ? null : flags.map((flag) => 1 - flag),
      words: this.words,
    });
  }
}
