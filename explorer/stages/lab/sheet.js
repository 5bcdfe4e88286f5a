/** A sheet of images on one canvas, six in a row. */

import { contextOf, PIXELS, SIDE, toRgba } from "../kit/image/pixels.js";
import { h } from "../kit/shell/dom.js";

const COLUMNS = 6;
const GAP = 2; // pixels of an image

export class Sheet {
  constructor(ctx, label) {
    Object.assign(this, { ctx, label, images: null });
    this.canvas = h("canvas", { class: "lab-sheet", role: "img", "aria-label": label });
    this.element = h("div", { class: "lab-sheet-frame" }, this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** `images` are n · 784 bytes. */
  show(images, words) {
    this.images = images;
    this.canvas.setAttribute("aria-label", `${this.label}: ${words}`);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.images || !width) return;
    const small = pictureOf(this.images);
    const height = (width * small.height) / small.width;
    const context = contextOf(this.canvas, width, height);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, width, height);
    context.drawImage(small, 0, 0, width, height);
  }
}

/** The images side by side, a pixel for each of theirs. */
export function pictureOf(images) {
  const count = images.length / PIXELS;
  const cell = SIDE + GAP;
  const canvas = h("canvas", { width: COLUMNS * cell - GAP, height: Math.ceil(count / COLUMNS) * cell - GAP });
  const context = canvas.getContext("2d");
  for (let i = 0; i < count; i++) {
    const image = toRgba(images.subarray(i * PIXELS, (i + 1) * PIXELS));
    context.putImageData(image, (i % COLUMNS) * cell, Math.floor(i / COLUMNS) * cell);
  }
  return canvas;
}
