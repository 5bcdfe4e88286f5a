/** Image of a question: a test image of either data set, a drawing, a picture of one's own, a blank page or noise. */

import { fill, h } from "../base/dom.js";
import { captioned, segmented } from "../panel/parts.js";
import { drawImage, imageCanvas } from "./pixels.js";
import { isPicture } from "./opened_picture.js";
import { Source, sourceOf } from "./source.js";
import { fromBase64, toBase64 } from "../plane/tensors.js";
import { createSeed } from "../panel/seed.js";

const SETS = { mnist: "MNIST", "fashion-mnist": "Fashion-MNIST" };

const EXAMPLE = 8; // of a link that names no image
const OPENED = 108; // a 3: strokes in both halves
const KINDS = [["test", "Test image"], ["draw", "Draw one"], ["open", "Open one"], ["blank", "Blank"], [
  "noise",
  "Noise",
]];
const PLAIN = 2; // kinds at the end that need no choice

/** Choice among all kinds; a drawing or a picture in the address needs no word of its own. @param {Partial<State>} state */
function kindOf({ kind, source, draw, img }) {
  if (kind === "blank" || kind === "noise") return kind;
  return sourceOf({ source, draw, img });
}

/**
 * The picture as the server wants it, or null while nothing is chosen; `dataset` is the network's own.
 * @param {Partial<State>} state @param {string} dataset @returns {PictureAsked | null}
 */
export function pictureOf(state, dataset) {
  const kind = kindOf(state);
  if (kind === "blank") return { kind };
  if (kind === "noise") return { kind, seed: state.seed };
  if (kind === "open" && !isPicture(state.draw)) return null;
  if (kind === "draw" || kind === "open") {
    return state.draw === null ? null : { bits: toBase64(fromBase64(state.draw)) };
  }
  return state.img === null ? null : { test: state.img, set: state.set ?? dataset };
}

/**
 * The picture where only test images and drawings are offered.
 * @param {Partial<State>} state @param {string} dataset
 */
export const drawnOrTest = (state, dataset) => pictureOf({ ...state, kind: "test" }, dataset);

/** True while the pad is chosen and nothing is drawn. @param {Partial<State>} state */
export const isPadEmpty = (state) => kindOf(state) === "draw" && state.draw === null;

/** Name of a picture in a sentence. @param {PictureAsked} picture */
export function nameOf({ bits, kind }) {
  if (bits) return isPicture(bits) ? "your picture" : "your drawing";
  return { blank: "the blank page", noise: "this noise" }[kind] ?? "the test image";
}

/**
 * The first visit finds a picture; a drawing, or what the address brought, is left alone. That of a mode opened by hand is
 * in the address, so that a link to it shows the same. A link that names none shows the one that it always did.
 * @param {Pick<Ctx, "store" | "isByHand">} ctx @param {number} [example] image of the mode, if it has one of its own
 */
export function startWithExample({ store, isByHand }, example) {
  const { img, draw, source } = store.get();
  if (img !== null || draw !== null || source === "draw" || source === "open") return;
  if (example === undefined && isByHand()) store.commit({ img: OPENED });
  else store.set({ img: example ?? EXAMPLE });
}

/** Hint while there is none. */
export const NO_PICTURE = "Choose a test image, draw one or open one.";

/** Hint while the pad is empty and the answer to the image before it stays. */
export const EMPTY_PAD = "Draw on the pad. The earlier image stays until then.";

/**
 * The choice of a picture beside what the network is fed of it; `all` offers blank pages and noise too, `others` the
 * test images of the other data set; `drawn` is as for `Source`.
 */
export class Picture {
  /** @param {Ctx} ctx @param {{all?: boolean, others?: boolean, drawn?: () => DrawnAs | undefined}} how */
  constructor(ctx, { all = false, others = true, drawn } = {}) {
    this.ctx = ctx;
    this.all = all;
    this.others = others;
    const { commit } = ctx.store;
    this.fedCanvas = imageCanvas("What the network was fed", 84);
    this.fedFigure = captioned(this.fedCanvas, "fed");
    this.source = new Source(ctx, this.fedFigure, { choosing: false, drawn });
    this.kinds = segmented("Picture", all ? KINDS : KINDS.slice(0, -PLAIN), (kind) => this.take(kind));
    this.sets = segmented(
      "Test images of",
      Object.entries(SETS),
      (set) => commit({ set: set === ctx.net().dataset ? null : set }),
    );
    this.seed = createSeed(ctx);
    this.blank = h("p", { class: "quiet" }, "Every pixel is black.");
    this.noise = h(
      "div",
      { class: "source-side" },
      this.seed.element,
      h("p", { class: "quiet" }, "Every pixel takes any level with the same probability."),
    );
    this.plain = h("div", { class: "source" });
    const from = h("div", { class: "row set" }, h("span", { class: "quiet" }, "from"), this.sets);
    if (others) this.source.picker[1].append(from);
    this.element = h("div", { class: "chooser" }, this.kinds, this.source.element, this.plain);
    this.fed(null);
  }

  /** @param {string} kind */
  take(kind) {
    const plain = kind === "blank" || kind === "noise";
    if (this.others && "kind" in this.ctx.store.get()) this.ctx.store.set({ kind }, { commit: plain });
    if (!plain) this.source.switchTo(kind);
  }

  get kind() {
    const { kind, source, draw, img } = this.ctx.store.get();
    return kindOf({ kind: this.all ? kind : "test", source, draw, img });
  }

  update() {
    const { kind } = this;
    const state = this.ctx.store.get();
    const plain = { blank: this.blank, noise: this.noise }[kind];
    this.load(state.set ?? this.ctx.net().dataset);
    this.source.update();
    this.kinds.set(kind);
    this.sets.set(state.set ?? this.ctx.net().dataset);
    this.source.element.hidden = Boolean(plain);
    this.plain.hidden = !plain;
    this.seed.update();
    if (kind === this.shown) return;
    this.shown = kind;
    if (plain) fill(this.plain, plain, this.fedFigure);
    else this.source.show();
  }

  /** Reads the images of a set when it is first wanted. @param {string} set */
  async load(set) {
    if (set === this.set) return;
    this.set = set;
    const images = await this.ctx.images(set);
    if (!images && set === this.set) this.set = null;
  }

  /** The class of the test image, or null. */
  get label() {
    const { img } = this.ctx.store.get();
    const { assets } = this.ctx;
    return this.kind === "test" && img !== null && assets.has(img) ? assets.labels[img] : null;
  }

  /** True of the bytes of the test image itself, which stands there already. @param {ArrayLike<number>} bytes */
  isAsShown(bytes) {
    const { img } = this.ctx.store.get();
    const { assets } = this.ctx;
    if (this.kind !== "test" || img === null || !assets.has(img)) return false;
    return assets.sprite(img).every((value, i) => value === bytes[i]);
  }

  /**
   * Shows the 784 bytes that the network was given, null for none and nothing where they are the picture's own.
   * @param {Uint8Array | null} bytes @param {number} [levels]
   */
  fed(bytes, levels) {
    this.fedFigure.hidden = bytes === null || this.isAsShown(bytes);
    if (bytes === null) return;
    drawImage(this.fedCanvas, bytes);
    const test = { 2: "fed: binarised", 256: "fed: 256 levels" }[levels];
    this.fedFigure.caption.textContent = { draw: "fed: ink above half", test, open: test }[this.kind] ?? "fed";
  }
}
