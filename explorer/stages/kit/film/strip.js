/** Images side by side on one canvas, and how far two such rows lie apart. */

import { h, setName } from "../base/dom.js";
import { dim } from "../panel/parts.js";
import { mean } from "../base/sums.js";
import { PIXELS, setWidest, SIDE } from "../image/pixels.js";

const GAP = 1;

/** Least width of an image before a row is folded into two. */
const NARROWEST = 40;

/** Paints `count` images of 784 bytes in columns, one pixel apart; the gaps keep their content. */
function paint(context, bytes, count, columns = count) {
  const image = new ImageData(SIDE, SIDE);
  const words = new Uint32Array(image.data.buffer);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < PIXELS; i++) words[i] = 0xff000000 | (bytes[k * PIXELS + i] * 0x010101);
    context.putImageData(image, (k % columns) * (SIDE + GAP), Math.floor(k / columns) * (SIDE + GAP));
  }
}

/** Width in pixels of images side by side. */
const span = (count) => count * (SIDE + GAP) - GAP;

export class Strip {
  /** @type {Uint8Array | Float32Array | null} */
  bytes = null;

  /**
   * `size` is the side in CSS pixels that an image has where there is room, in rows of `most`; a large window that has
   * more height (room.js) makes it larger.
   * @param {string} label @param {number} count @param {number} size
   */
  constructor(label, count, size, most = count) {
    this.label = label;
    this.count = count;
    this.most = most;
    this.columns = most;
    this.canvas = h("canvas", {
      class: "crisp strip",
      role: "img",
      "aria-label": label,
      width: span(most),
      height: span(Math.ceil(count / most)),
    });
    this.element = h("div", { class: "strip-frame" }, this.canvas);
    setWidest(this.element, `calc(${(size * span(most)) / SIDE}px * max(1, var(--higher, 1)))`);
    new ResizeObserver(() => this.fold()).observe(this.element);
  }

  /** In two lines where one would be too narrow to read, or in as many columns as the style sheet says (`--across`). */
  fold() {
    const width = this.element.clientWidth;
    const across = Number(getComputedStyle(this.element).getPropertyValue("--columns"));
    const columns = across || (width > 0 && width < this.most * NARROWEST ? Math.ceil(this.most / 2) : this.most);
    if (width === 0 || columns === this.columns) return;
    this.columns = columns;
    this.canvas.width = span(columns);
    this.canvas.height = span(Math.ceil(this.count / columns));
    this.draw();
  }

  /** Shows count × 784 bytes; while there are none (null), the earlier ones stay, dimmed. */
  show(bytes, words = "not drawn yet") {
    setName(this.canvas, this.label, words);
    dim(this.canvas, bytes === null && this.bytes !== null);
    if (bytes === null || bytes === this.bytes) return;
    this.bytes = bytes;
    this.draw();
  }

  /** Index of the image under a pointer. */
  placeAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const lines = Math.ceil(this.count / this.columns);
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
    const line = Math.floor(((event.clientY - box.top) / box.height) * lines);
    return Math.max(0, Math.min(this.count - 1, line * this.columns + column));
  }

  /** A line under the image that is looked at. */
  mark(stop) {
    const [column, line] = [stop % this.columns, Math.floor(stop / this.columns)];
    this.element.classList.add("marked");
    this.element.style.setProperty("--stop", column / this.columns);
    this.element.style.setProperty("--line", (line + 1) / Math.ceil(this.count / this.columns));
    this.element.style.setProperty("--wide", 1 / this.columns);
  }

  clear() {
    this.bytes = null;
    this.show(null);
    this.draw();
  }

  draw() {
    const { canvas, bytes, count, columns } = this;
    const context = canvas.getContext("2d");
    if (bytes) paint(context, bytes, count, columns);
    else context.clearRect(0, 0, canvas.width, canvas.height);
  }
}

/** The L2 distance of image `k` of one row from image `j` of another, its pixels from 0 to 1. */
export function distance(a, k, b, j) {
  let sum = 0;
  for (let i = 0; i < PIXELS; i++) sum += ((a[k * PIXELS + i] - b[j * PIXELS + i]) / 255) ** 2;
  return Math.sqrt(sum);
}

/** The mean distance of the images of one row from those at the same places of another. */
export function apart(a, b, count) {
  return mean(Array.from({ length: count }, (_, k) => distance(a, k, b, k)));
}

/** The mean distance between any two images of a row. */
export function spread(bytes, count) {
  const pairs = [];
  for (let k = 0; k < count; k++) for (let j = 0; j < k; j++) pairs.push(distance(bytes, k, bytes, j));
  return mean(pairs);
}

/** Rows of {name, bytes} on one canvas, magnified, for a saved picture or film. */
