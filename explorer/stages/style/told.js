/** A mode whose images, numbers and sentence all come with the answer of the server. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { PIXELS, tiled } from "../kit/image/pixels.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";
import { Pictures } from "./pictures.js";

export class Told extends ToldAnswer {
  constructor(ctx, mode, label) {
    super(ctx, mode);
    this.pictures = new Pictures(label);
  }

  /** The images of an answer as bytes. */
  bytesOf(value) {
    return (value.bytes ??= fromBase64(value.images));
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

  picture() {
    return this.value && tiled(this.bytesOf(this.shown(this.value)), this.value.columns);
  }
}
