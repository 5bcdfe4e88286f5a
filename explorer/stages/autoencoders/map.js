/** One map: where each of four autoencoders keeps the test images, and what any other place would decode to. */

import { bytesOf } from "../kit/image/paint.js";
import { drawImage, imageCanvas, LARGE } from "../kit/image/pixels.js";
import { readDense } from "../kit/plane/dense.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { floats32 } from "../kit/plane/tensors.js";
import { Weights } from "../kit/plane/weights.js";
import { setText } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num, pair } from "../kit/base/format.js";
import { captioned, withArticle } from "../kit/panel/parts.js";
import { latticeOf, paintMap } from "./code_paint.js";

const DECODED = 140;
const LATTICE = 20;
const NEAR = 0.1; // of the spread of the codes

/** The decoder of a network: codes to grey levels, on the weights that torch runs. @param {string} url */
async function readDecoder(url) {
  const [decoder] = await readDense(url, ["decoder."]);
  return (z) => decoder.run(z).map((value) => 1 / (1 + Math.exp(-value)));
}

/** The test image whose code is nearest to a place, and how many are within a tenth of the spread. */
function nearestOf({ codes, labels, spread }, [x, y]) {
  const reach = NEAR * spread;
  const far = labels.map((_, i) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y));
  const distance = far.reduce((least, each) => Math.min(least, each), Infinity);
  return { distance, reach, label: labels[far.indexOf(distance)], within: far.filter((each) => each <= reach).length };
}

/** Sentence on a place of the map. */
function placeWords(place, { within, reach, label, distance }, classes) {
  const nearest = withArticle(classes[label]);
  return within
    ? `${within} of 2,000 test images ${within === 1 ? "has its code" : "have their codes"} within ${num(reach)} of ${
      pair(place)
    }. The nearest is ${nearest}.`
    : `No test image has its code within ${num(reach)} of ${pair(place)}: a hole, where the decoder was hardly ` +
      `trained. The nearest code, of ${nearest}, is ${num(distance)} away.`;
}

class CodeMap extends Exhibit {
  constructor(ctx, mode) {
    super(ctx, mode);
    const last = /** @type {HTMLElement} */ (this.laid.lastChild);
    last.prepend(this.here);
  }

  add() {
    const { ctx } = this;
    /** @type {Map<string, OffscreenCanvas>} */
    this.lattices = new Map();
    /** @type {Point | null} */
    this.hovered = null;
    this.weights = new Weights(ctx, () => ({ ...ctx.net(), key: ctx.net().name }), readDecoder);
    this.plane = new PlaneCanvas({
      label: "The map of codes. Arrow keys move the cursor, Enter chooses a place.",
      size: LARGE,
      paint: paintMap,
      onMove: (z) => this.hover(z),
      onChoose: (z) => ctx.store.commit({ z }),
      onRest: (z) => ctx.store.commit({ z }),
    });
    for (const name of ["pointerleave", "blur"]) this.plane.canvas.addEventListener(name, () => this.hover(null));
    this.decoded = imageCanvas("What the place decodes to", DECODED);
    this.here = captioned(this.decoded, "");
    this.here.classList.add("result");
    this.plane.element.classList.add("result"); // codes near the place
    return [this.plane.element];
  }

  hover(z) {
    this.hovered = z;
    this.ctx.refresh("cursor");
  }

  update(changed) {
    this.decode = this.weights.wanted(changed.has("mode"));
    super.update(changed);
  }

  /** The codes of the answer, unpacked once. */
  get found() {
    const { value } = this;
    return value && (value.found ??= { ...value.map, codes: floats32(value.map.codes), spread: value.spread });
  }

  /** The place that is decoded: under the cursor, or the chosen one. */
  get place() {
    return this.hovered ?? this.ctx.store.get().z;
  }

  /** Decoded places of the map, once for a network and a theme. */
  get lattice() {
    if (!this.decode) return null;
    const { ctx } = this;
    const key = `${this.answer.asked.net} ${ctx.theme()}`;
    if (!this.lattices.has(key)) {
      const ink = bytesOf(new OffscreenCanvas(1, 1).getContext("2d"), ctx.theme() === "dark" ? "#ffffff" : "#000000");
      this.lattices.set(key, latticeOf(this.decode, this.found, LATTICE, ink));
    }
    return this.lattices.get(key);
  }

  /** The numbers and the sentence of the place, and then of the visitor's picture. */
  shown(value) {
    const { classes } = this.ctx.net();
    const near = nearestOf(this.found, this.place);
    const figures = [[num(near.distance)], [classes[near.label]], [String(near.within), "of 2,000"]];
    return {
      ...value,
      numbers: this.shows.heads.map((name, k) => [name, ...figures[k]]),
      words: `${placeWords(this.place, near, classes)} ${value.decoded} ${value.words}`,
    };
  }

  draw(value) {
    super.draw(value);
    const { ctx, found, decode, place } = this;
    if (decode) {
      this.pixels = decode(place);
      drawImage(this.decoded, this.pixels);
      ctx.show("out", this.pixels);
    }
    setText(this.here.caption, `○ decoded at ${pair(place)}`);
    const { classes } = ctx.net();
    const { z } = ctx.store.get();
    this.plane.look(found.middle, found.half);
    const scene = { found, classes, lattice: this.lattice, z, own: value.own, colours: ctx.colours() };
    this.plane.show(scene, this.words(value));
    ctx.show("code", this.plane.canvas);
  }
}

export default {
  create: (ctx) => new CodeMap(ctx, "map"),
};
