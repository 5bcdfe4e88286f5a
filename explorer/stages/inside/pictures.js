/** Values of a layer as a picture: maps side by side, one matrix, or bars. Light is positive, blue negative, black zero. */

import { h } from "../kit/base/dom.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { rgba } from "../kit/image/paint.js";

const BLUE = [70, 150, 255]; // of a negative value
const BAR_HEIGHT = 64; // pixels of the tallest pair of bars
const BARS_WIDE = 256; // of all bars together, if they are few
const BAR_WIDTH = 4; // of one of many
const MOST_ACROSS = 16; // maps in a row

/**
 * @typedef {{kind: "maps", count: number, sent: number[], full: number[], stride: number, scale: number, levels: string}} Maps
 * @typedef {{kind: "bars", count: number, values: (number | null)[]}} Bars
 * @typedef {Maps | Bars} Drawn
 */

/** The colour of a value from −1 to 1. @param {number} value */
function colourOf(value) {
  const share = Math.min(1, Math.abs(value));
  if (value >= 0) return rgba(255 * share, 255 * share, 255 * share);
  const [red, green, blue] = BLUE.map((part) => Math.round(part * share));
  return rgba(red, green, blue);
}

/** Number of maps beside each other: a square of them, or those of a small canvas. @param {Maps} maps */
const acrossOf = ({ sent: [count, rows, columns] }) =>
  Math.min(count, MOST_ACROSS, Math.max(1, Math.round(Math.sqrt((count * rows) / columns))));

/** Paints values, a pixel for each of a map. @param {HTMLCanvasElement} canvas @param {Drawn} drawn */
export function paint(canvas, drawn) {
  if (drawn.kind === "bars") return paintBars(canvas, drawn);
  const [count, rows, columns] = drawn.sent;
  const across = acrossOf(drawn);
  const levels = new Int8Array(fromBase64(drawn.levels).buffer);
  canvas.width = across * (columns + 1) - 1;
  canvas.height = Math.ceil(count / across) * (rows + 1) - 1;
  const context = canvas.getContext("2d");
  for (let k = 0; k < count; k++) {
    const image = context.createImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0; i < words.length; i++) words[i] = colourOf(levels[k * rows * columns + i] / 127);
    context.putImageData(image, (k % across) * (columns + 1), Math.floor(k / across) * (rows + 1));
  }
}

/** Width of one of the bars, in pixels of the canvas. @param {Bars} bars */
const barWidth = ({ values }) => Math.max(BAR_WIDTH, Math.floor(BARS_WIDE / values.length));

/** @param {HTMLCanvasElement} canvas @param {Bars} bars */
function paintBars(canvas, bars) {
  const { values } = bars;
  const wide = barWidth(bars);
  const most = Math.max(1e-12, ...values.map((value) => Math.abs(value ?? 0)));
  canvas.width = wide * values.length;
  canvas.height = BAR_HEIGHT;
  const context = canvas.getContext("2d");
  context.fillStyle = "black";
  context.fillRect(0, 0, canvas.width, canvas.height);
  values.forEach((value, i) => {
    const long = Math.max(1, (Math.abs(value ?? 0) / most) * (BAR_HEIGHT / 2));
    context.fillStyle = (value ?? 0) < 0 ? `rgb(${BLUE.join(" ")})` : "white";
    context.fillRect(wide * i, value < 0 ? BAR_HEIGHT / 2 : BAR_HEIGHT / 2 - long, wide - 1, long);
  });
}

/** A small picture of a layer, which nothing is asked of. @param {Drawn | null} drawn */
export function thumbnail(drawn) {
  const canvas = h("canvas", { class: "inside-thumb", "aria-hidden": "true", hidden: !drawn });
  if (drawn) paint(canvas, drawn);
  return canvas;
}

/** The picture of the chosen layer: a press, or the arrow keys and Enter, choose one of its values. */
export class Values {
  /** @param {(index: number) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    /** @type {Drawn | null} */
    this.drawn = null;
    this.cursor = 0; // number of the value among those that are sent
    this.canvas = h("canvas", { class: "inside-values", tabindex: 0, role: "application" });
    this.ring = h("span", { class: "inside-ring", hidden: true });
    this.element = h("div", { class: "inside-frame" }, this.canvas, this.ring);
    this.canvas.addEventListener("click", (event) => this.press(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {Drawn} drawn @param {number | null} at @param {string} label */
  show(drawn, at, label) {
    this.drawn = drawn;
    paint(this.canvas, drawn);
    this.element.style.setProperty("--ratio", String(this.canvas.width / this.canvas.height));
    this.canvas.setAttribute("aria-label", `${label}: arrow keys choose a value, Enter writes it out`);
    this.cursor = at === null ? this.cursor : this.numberOf(at);
    this.mark(at !== null);
  }

  /** Numbers of rows and columns of a map that is sent, and of maps. */
  get sizes() {
    return this.drawn.kind === "bars" ? [1, 1, this.drawn.values.length] : this.drawn.sent;
  }

  /** Place of a value in its layer, flattened. @param {number} number among those that are sent */
  indexOf(number) {
    if (this.drawn.kind === "bars") return number;
    const [, rows, columns] = this.drawn.sent;
    const { full: [, high, wide], stride } = this.drawn;
    const [map, rest] = [Math.floor(number / (rows * columns)), number % (rows * columns)];
    return map * high * wide + Math.floor(rest / columns) * stride * wide + (rest % columns) * stride;
  }

  /** The number of the sent value nearest to a place. @param {number} index */
  numberOf(index) {
    if (this.drawn.kind === "bars") return Math.min(index, this.drawn.values.length - 1);
    const [count, rows, columns] = this.drawn.sent;
    const { full: [, high, wide], stride } = this.drawn;
    const map = Math.min(count - 1, Math.floor(index / (high * wide)));
    const [row, column] = [Math.floor((index % (high * wide)) / wide), index % wide];
    return map * rows * columns + Math.floor(row / stride) * columns + Math.floor(column / stride);
  }

  /** Corner of a value and its size, in pixels of the canvas. @param {number} number */
  boxOf(number) {
    if (this.drawn.kind === "bars") return [barWidth(this.drawn) * number, 0, barWidth(this.drawn), BAR_HEIGHT];
    const [, rows, columns] = this.drawn.sent;
    const across = acrossOf(this.drawn);
    const [map, rest] = [Math.floor(number / (rows * columns)), number % (rows * columns)];
    const [x, y] = [(map % across) * (columns + 1), Math.floor(map / across) * (rows + 1)];
    return [x + (rest % columns), y + Math.floor(rest / columns), 1, 1];
  }

  /** Puts the ring around the value of the cursor. @param {boolean} isSeen */
  mark(isSeen) {
    const { width, height } = this.canvas;
    const [x, y, wide, high] = this.boxOf(this.cursor);
    const share = (part, whole) => `${(100 * part) / whole}%`;
    const place = {
      left: share(x, width),
      top: share(y, height),
      width: share(wide, width),
      height: share(high, height),
    };
    Object.assign(this.ring.style, place);
    this.ring.hidden = !isSeen;
  }

  /** @param {MouseEvent} event */
  press(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * this.canvas.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * this.canvas.height);
    const number = this.numberAt(x, y);
    if (number === null) return;
    this.cursor = number;
    this.onChoose(this.indexOf(number));
  }

  /** The value at a pixel of the canvas; null in a gap. @param {number} x @param {number} y */
  numberAt(x, y) {
    const [count, rows, columns] = this.sizes;
    if (this.drawn.kind === "bars") return Math.max(0, Math.min(columns - 1, Math.floor(x / barWidth(this.drawn))));
    const across = acrossOf(this.drawn);
    const [column, row] = [x % (columns + 1), y % (rows + 1)];
    const map = Math.floor(y / (rows + 1)) * across + Math.floor(x / (columns + 1));
    return column >= columns || row >= rows || map >= count ? null : map * rows * columns + row * columns + column;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const [count, rows, columns] = this.sizes;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    if (event.key === "Enter") this.onChoose(this.indexOf(this.cursor));
    else if (event.key in moves) {
      this.cursor = Math.max(0, Math.min(count * rows * columns - 1, this.cursor + moves[event.key]));
      this.mark(true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
