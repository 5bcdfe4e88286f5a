/** A sheet of images on one canvas, five in a row. */

import { contextOf, onSize, tiled } from "../kit/image/pixels.js";
import { h, setName } from "../kit/base/dom.js";

export const COLUMNS = 5;

export class Sheet {
  /** @param {Ctx} ctx @param {string} label */
  constructor(ctx, label) {
    this.ctx = ctx;
    this.label = label;
    this.images = null;
    this.canvas = h("canvas", { class: "lab-sheet", role: "img", "aria-label": label });
    this.element = h("div", { class: "lab-sheet-frame" }, this.canvas);
    onSize(this.element, () => this.draw());
  }

  /** Shows n · 784 bytes. @param {Uint8Array} images @param {string} words */
  show(images, words) {
    this.images = images;
    setName(this.canvas, this.label, words);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.images || !width) return;
    const small = tiled(this.images, COLUMNS);
    const height = (width * small.height) / small.width;
    const context = contextOf(this.canvas, width, height);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, width, height);
    context.drawImage(small, 0, 0, width, height);
  }
}
