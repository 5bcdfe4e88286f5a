/**
 * A plane of codes as a picture to drag in: images at the places of a lattice, and over them the one under the cursor.
 */

import { h, isBrowsers, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { num } from "../kit/base/format.js";
import { fitCanvas, imageOf, LARGE, onSize, SIDE, toRgba } from "../kit/image/pixels.js";
import { CORNERS } from "./tiles.js";

const LOUPE = 0.3; // of the plane's side
const AWAY = 0.27; // from the cursor to the middle of the loupe, so that a finger does not cover it
const STEP = 0.05;
const [PAPER, INK] = ["#fff", "#111"]; // on tiles, which are black in both themes
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clamp = (value, low = 0, high = 1) => Math.max(low, Math.min(high, value));
const round = (value) => Number(clamp(value).toFixed(3));

export class Plane {
  /**
   * `onMove(u, v, { rest })` gets the place under a dragging pointer or of keys, with `rest` at its end.
   * @param {Ctx} ctx
   * @param {{label: string, onMove: (u: number, v: number, how: {rest: boolean}) => void}} how
   */
  constructor(ctx, { label, onMove }) {
    this.ctx = ctx;
    this.label = label;
    this.onMove = onMove;
    /** @type {any} */
    this.what = null;
    /** @type {[u: number, v: number]} */
    this.at = [0, 0];
    this.canvas = h("canvas", { class: "plane", role: "application", tabindex: 0, "aria-label": label });
    this.element = h("div", { class: "board-frame" }, this.canvas);
    this.small = h("canvas", { width: SIDE, height: SIDE });
    this.listen();
    onSize(this.element, () => this.draw());
  }

  listen() {
    const { canvas } = this;
    onDrag(canvas, {
      take: () => this.what && [...this.at],
      move: (event) => this.move(...this.placeOf(event), false),
      end: (event) => this.move(...this.placeOf(event), true),
      cancel: (earlier) => this.move(...earlier, true),
    }, { handles: () => [this.at.map((value) => value * canvas.offsetWidth)] });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  key(event) {
    if (!(event.key in MOVES) || isBrowsers(event) || !this.what) return;
    const [dx, dy] = MOVES[event.key].map((by) => by * STEP * (event.shiftKey ? 0.2 : 1));
    this.move(this.at[0] + dx, this.at[1] + dy, true);
    event.preventDefault();
    event.stopPropagation();
  }

  move(u, v, rest) {
    this.at = [round(u), round(v)]; // moves may come faster than frames
    this.onMove(...this.at, { rest });
  }

  /**
   * `lattice` has side² · 784 bytes, row after row; `image` has the 784 bytes of the place `at` [u, v]. `on` says
   * whether the image is shown there, and `words` describes it.
   */
  show({ lattice, side, image, at, on, words }) {
    const another = this.what?.lattice !== lattice;
    this.what = { lattice, side, image, on };
    this.at = at;
    if (another) this.sheet = sheetOf(lattice, side);
    setName(this.canvas, `${this.label} At u = ${num(at[0])}, v = ${num(at[1])}`, words);
    this.draw();
  }

  draw() {
    const width = Math.min(LARGE, this.element.clientWidth);
    if (!this.what || !width) return;
    const { ratio } = fitCanvas(this.canvas, width, width);
    this.canvas.style.width = this.canvas.style.height = `${width}px`;
    this.paint(this.canvas.getContext("2d"), this.canvas.width, ratio);
  }

  paint(context, size, ratio) {
    const { at, what } = this;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.sheet, 0, 0, size, size);
    paintLetters(context, size, ratio);
    const [x, y] = at.map((value) => value * size);
    const side = LOUPE * size;
    const above = y > size / 2 ? -1 : 1;
    const left = clamp(x - side / 2, 2 * ratio, size - side - 2 * ratio);
    const top = clamp(y + above * AWAY * size - side / 2, 2 * ratio, size - side - 2 * ratio);
    this.small.getContext("2d").putImageData(toRgba(what.image), 0, 0);
    const colour = what.on ? this.ctx.colours().you : PAPER;
    Object.assign(context, { strokeStyle: colour, lineWidth: 2 * ratio });
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(left + side / 2, above < 0 ? top + side : top);
    context.stroke();
    context.drawImage(this.small, left, top, side, side);
    context.strokeRect(left, top, side, side);
    paintCursor(context, x, y, ratio, colour);
  }
}

/** All images of the lattice on one canvas, without gaps. */
function sheetOf(lattice, side) {
  const canvas = h("canvas", { width: side * SIDE, height: side * SIDE });
  const context = canvas.getContext("2d");
  for (let k = 0; k < side * side; k++) {
    context.putImageData(toRgba(imageOf(lattice, k)), (k % side) * SIDE, Math.floor(k / side) * SIDE);
  }
  return canvas;
}

/** A, B and C stand in the corners that they are. */
function paintLetters(context, size, ratio) {
  const box = 20 * ratio;
  const places = [[0, 0], [size - box, 0], [0, size - box]];
  Object.assign(context, {
    font: `600 ${13 * ratio}px system-ui, sans-serif`,
    textAlign: "center",
    textBaseline: "middle",
  });
  places.forEach(([left, top], corner) => {
    context.fillStyle = PAPER;
    context.fillRect(left, top, box, box);
    context.fillStyle = INK;
    context.fillText(CORNERS[corner], left + box / 2, top + box / 2 + ratio);
  });
}

function paintCursor(context, x, y, ratio, colour) {
  context.beginPath();
  context.arc(x, y, 6 * ratio, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: colour, strokeStyle: colour === PAPER ? INK : PAPER, lineWidth: 2 * ratio });
  context.fill();
  context.stroke();
}
