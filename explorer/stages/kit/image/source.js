/** Source of an image to encode: the bundled test images, a visitor's hand, or a picture of their own. */
import { button, fill, h, numberBox, setText, signButton } from "../base/dom.js";
import { drawImage, imageCanvas } from "./pixels.js";
import { packBits, toBase64Url } from "../plane/tensors.js";
import { BOX, centre, toBits } from "./drawing.js";
import { createOpenedPicture, greysOf, isPicture } from "./opened_picture.js";
import { Pad, PEN } from "./pad.js";
import { captioned, segmented } from "../panel/parts.js";
import { rove } from "../base/rove.js";

const DIGIT = { box: BOX, pen: PEN };
/** @type {[string, string][]} */
const SOURCES = [["test", "Test image"], ["draw", "Draw one"], ["open", "Open one"]];

/**
 * Where the image of a state comes from: "test", "draw" or "open".
 * @param {Partial<State>} state
 */
export function sourceOf({ source, draw, img }) {
  if (source !== null) return source;
  if (draw === null || img !== null) return "test";
  return isPicture(draw) ? "open" : "draw";
}

export class Source {
  /**
   * `pictures` is what the network made of the image; it stands beside the image, or beside the pad. Where there are
   * other kinds of images too, `choosing` is false, and the owner shows the choice between them. `drawn()` is {box, pen},
   * unless it is undefined: the side to which a drawing is scaled, and the width of the pen on the pad.
   * @param {Ctx} ctx @param {HTMLElement} pictures @param {{choosing?: boolean, drawn?: () => DrawnAs | undefined}} how
   */
  constructor(ctx, pictures, { choosing = true, drawn = () => undefined } = {}) {
    this.ctx = ctx;
    this.pictures = pictures;
    this.choosing = choosing;
    this.how = () => drawn() ?? DIGIT;
    /** @type {string | null} */
    this.kind = null;
    /** @type {string | null} */
    this.shown = null;
    this.choice = segmented("Image", SOURCES, (kind) => this.switchTo(kind));
    this.pad = new Pad({ onStroke: (ink, size) => this.stroke(ink, size), width: () => this.how().pen });
    this.element = h("div", { class: "source" });
    this.original = imageCanvas("Test image", 84);
    this.number = numberBox("No.", { field: ctx.fields.img, onchange: (img) => this.choose(img) });
    const step = (by, sign, label) => signButton(sign, label, () => this.choose(this.neighbour(by)));
    const moves = [
      step(-1, "‹", "Previous test image"),
      step(1, "›", "Next test image"),
      button("any", () => this.any(), { title: "Any test image" }),
    ];
    this.picture = captioned(this.original, "test image");
    this.picker = [
      this.picture,
      h("div", { class: "source-side" }, rove(h("div", { class: "row" }, this.number, moves))),
    ];
    this.drawer = [this.pad.element, h("div", { class: "source-side" }, button("Clear", () => this.pad.erase()))];
    this.own = createOpenedPicture(ctx, () => this.how().box);
    this.opener = [this.own.figure, this.own.side];
    this.own.listen(this.element);
    this.update();
  }

  /** @param {number} img */
  choose(img) {
    this.ctx.store.commit({ img, draw: null, source: null });
  }

  /** Number of test images. */
  get images() {
    return this.ctx.fields.img.high + 1;
  }

  /** @param {number} by */
  neighbour(by) {
    return ((this.ctx.store.get().img ?? 0) + by + this.images) % this.images;
  }

  any() {
    this.choose(Math.floor(Math.random() * this.images));
  }

  /** @param {string} kind */
  switchTo(kind) {
    this.ctx.store.commit({ source: kind });
    this.update();
    if (kind === "draw") this.pad.element.focus();
  }

  /** @param {Float32Array} ink @param {number} size */
  stroke(ink, size) {
    const image = centre(ink, size, this.how().box);
    this.shown = image && toBase64Url(packBits(toBits(image)));
    this.ctx.store.commit({ draw: this.shown, img: null, source: this.shown ? null : "draw" });
  }

  show() {
    const isDrawing = this.kind === "draw";
    this.choice.set(this.kind);
    this.element.classList.toggle("drawing", isDrawing);
    const [picture, side] = { test: this.picker, draw: this.drawer, open: this.opener }[this.kind];
    if (this.choosing) side.prepend(this.choice);
    fill(this.element, picture, side, this.pictures);
    if (isDrawing) side.append(this.pictures);
  }

  update() {
    const { img, draw, source } = this.ctx.store.get();
    if (draw !== null && img === null && draw !== this.shown) {
      this.shown = draw;
      this.pad.show(Float32Array.from(greysOf(draw), (level) => level / 255));
    }
    const kind = sourceOf({ source, draw, img });
    if (kind !== this.kind) {
      this.kind = kind;
      this.show();
    }
    this.own.update();
    this.number.set(img ?? "");
    this.showOriginal(img);
  }

  /** The 784 bytes of the drawing or of the opened picture, or null. */
  get drawn() {
    const { draw } = this.ctx.store.get();
    return this.kind !== "test" && draw !== null ? greysOf(draw) : null;
  }

  /** @param {number | null} img */
  showOriginal(img) {
    const { assets } = this.ctx;
    const pixels = img !== null && assets.labels && assets.sprite(img);
    this.picture.hidden = !pixels;
    this.ctx.show("x", pixels || this.drawn);
    if (!pixels) return;
    drawImage(this.original, pixels);
    setText(this.picture.caption, assets.classes[assets.labels[img]]);
  }
}
