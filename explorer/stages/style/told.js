/** A mode whose images, numbers and sentence all come with the answer of the server. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { PIXELS, tiled } from "../kit/image/pixels.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { Pictures } from "./pictures.js";

export class Told extends PanelAnswer {
  constructor(ctx, mode, label) {
    super(ctx, mode);
    this.mode = mode;
    this.pictures = new Pictures(label);
  }

  /** The images of an answer as bytes. */
  bytesOf(value) {
    return (value.bytes ??= fromBase64(value.images));
  }

  /** Numbers and sentence of what is in sight; a subclass has several. */
  shown(value) {
    return value;
  }

  draw(value) {
    const images = this.bytesOf(this.shown(value));
    this.pictures.show({ ...this.layout(value), images, words: this.words(value) });
    this.ctx.show("out", images.subarray(-PIXELS));
  }

  /** What `Pictures.show` wants besides images and words. */
  layout({ columns, names, heads }) {
    return { columns, names, heads };
  }

  rows(value) {
    return value ? this.shown(value).numbers : this.ctx.value().heads[this.mode].map((name) => [name, "–", ""]);
  }

  words(value) {
    return this.shown(value).words;
  }

  picture() {
    return this.value && tiled(this.bytesOf(this.shown(this.value)), this.value.columns);
  }

  table() {
    const { value } = this;
    return value && { name: this.mode, rows: [["figure", "value", "unit"], ...this.rows(value)] };
  }
}
