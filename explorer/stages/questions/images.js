/** Images as the questions draw them: four tiles, test images and drawings to choose from, rows to keep. */

import { Board } from "../kit/image/board.js";
import { chosenName, greyOf } from "../kit/panel/chosen.js";
import { Cut } from "../kit/image/cut.js";
import { h } from "../kit/base/dom.js";
import { batch } from "../kit/base/vendor/signals-core.js";
import { binaryOf, greysOf } from "../kit/image/opened_picture.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas, PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";
import { distance } from "../kit/film/strip.js";
import { packBits } from "../kit/plane/tensors.js";
import { Second } from "../kit/image/second.js";
import { Tiles } from "./tiles.js";

const SIZE = 640;

/** The upper rows of the picture that are kept, as the store's `keep` says. */
class Rows {
  /** @param {Ctx} ctx @param {(ended: boolean) => void} onKeep */
  constructor(ctx, onKeep) {
    this.ctx = ctx;
    this.onKeep = onKeep;
    this.board = new Board({ label: "What is kept of the picture", size: SIZE });
    this.cut = new Cut(this.board.element, (rows, { commit }) => this.keep(rows, commit));
    this.beside = h("figure", { class: "kept" }, this.cut.element, h("figcaption", {}, "what is kept"));
    this.control = null;
  }

  get rows() {
    return this.ctx.store.get().keep;
  }

  /** The handle moved; `onKeep(ended)` is called, with `ended` when it rests. */
  keep(rows, ended) {
    batch(() => {
      this.ctx.store.set({ keep: Math.max(this.ctx.fields.keep.low, rows) }, { commit: ended });
      this.onKeep(ended);
    });
  }

  /** Kept part, as a column of a table. */
  get name() {
    return "rows kept";
  }

  get value() {
    return this.rows;
  }

  /** A bit for each pixel that is kept. */
  get bits() {
    return packBits(Uint8Array.from({ length: PIXELS }, (_, i) => (this.isKept(i) ? 1 : 0)));
  }

  isKept(i) {
    return i < SIDE * this.rows;
  }

  get words() {
    return `the upper ${this.rows} of ${SIDE} rows are kept`;
  }

  /** Kept part, as the start of a sentence. */
  get sentence() {
    const { rows } = this;
    return `The upper ${rows === 1 ? "row" : `${rows} rows`} of ${SIDE} ${rows === 1 ? "is" : "are"} kept`;
  }

  /** The picture as all who are asked are fed it; in grey where they are fed different ones. */
  get picture() {
    const isBinary = this.ctx.columns().every((column) => column?.space === "binary");
    return isBinary ? fed(this.ctx, "binary") : greyOf(this.ctx);
  }

  update() {
    const { picture } = this;
    this.cut.set(this.rows);
    if (!picture) return;
    const values = Float32Array.from(picture, (value) => value / 255);
    this.board.show({ values, known: SIDE * this.rows, words: this.words });
  }
}

/** The picture as a network of a space is fed it, 784 bytes; null while it is not read. */
function fed(ctx, space) {
  const { bits, test } = images.picked(ctx) ?? {};
  if (bits) return space === "binary" ? binaryOf(bits) : greysOf(bits);
  const { assets } = ctx;
  if (test === undefined || !assets.has(test)) return null;
  return space === "binary" ? toBytes(assets.bits(test)) : assets.sprite(test);
}

export const images = {
  count: 4,
  many: "Four images",
  each: "images",
  x: "picture",
  kin: true,
  size: PIXELS,
  nothing: { test: "Choose a test image", draw: "Draw something on the pad", open: "Open a picture" },
  part: { one: "pixel", kept: "its upper rows are kept" },
  wall: (name, options) => new Tiles(name, options),
  chooser: (ctx) => new Picture(ctx, { others: false }),
  picked: (ctx) => drawnOrTest(ctx.store.get(), ctx.net().dataset),
  start: startWithExample,
  second: (ctx) => new Second(ctx),
  kept: (ctx, onKeep) => new Rows(ctx, onKeep),
  isSame: (a, b) => Math.abs(a - b) <= 1,
  nameOf,
  chosenName,
  fed,
  distance,
  /** A canvas with one image. @param {string} label @param {Uint8Array} bytes @param {number} size */
  pictured(label, bytes, size) {
    const canvas = imageCanvas(label, size);
    drawImage(canvas, bytes);
    return canvas;
  },
};
