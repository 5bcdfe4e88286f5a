/** A square of the plane to look at and touch: a pointer, a finger or keys move the cursor and choose a point. */

import { h } from "../kit/dom.js";
import { pair } from "../kit/format.js";
import { contextOf } from "../kit/pixels.js";

/** How far the picture reaches from its middle. */
export const HALF = 2.6;

export const NO_PLANE = "An energy of images has no plane to look at, so the two moons are shown.";
const STEP = 0.1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const REMOVES = ["Backspace", "Delete"];

const round = (value) => Number(Math.max(-HALF, Math.min(HALF, value)).toFixed(2));

export class PlaneCanvas {
  /** `paint(context, size, scene)` draws; `onMove(point)` follows the cursor, `onChoose(point)` is a click or Enter. */
  constructor({ label, size, paint, onMove, onChoose, onRemove }) {
    Object.assign(this, { label, size, paint, onMove, onChoose, onRemove, scene: null, cursor: [0, 0], width: 0 });
    this.canvas = h("canvas", { class: "landscape", role: "application", tabindex: 0, "aria-label": label });
    this.element = h("div", { class: "landscape-frame" }, this.canvas);
    this.element.style.maxWidth = `${size}px`;
    this.canvas.addEventListener(
      "pointermove",
      (event) => (event.pointerType !== "touch" || event.buttons) && this.move(this.pointAt(event)),
    );
    this.canvas.addEventListener("click", (event) => onChoose(this.pointAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => {
      this.width = Math.min(size, this.element.clientWidth);
      this.draw();
    }).observe(this.element);
  }

  move(point) {
    this.cursor = point;
    this.onMove(point);
  }

  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, span) => (2 * value) / span - 1;
    return [
      round(share(event.clientX - box.left, box.width) * HALF),
      round(-share(event.clientY - box.top, box.height) * HALF),
    ];
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.shiftKey ? 5 * STEP : STEP;
    if (event.key in MOVES) {
      const [dx, dy] = MOVES[event.key];
      this.move([round(this.cursor[0] + by * dx), round(this.cursor[1] + by * dy)]);
    } else if (event.key === "Enter") this.onChoose(this.cursor);
    else if (REMOVES.includes(event.key)) this.onRemove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** `words` is the text alternative. */
  show(scene, words) {
    this.scene = scene;
    this.words = words;
    this.canvas.setAttribute("aria-label", `${this.label} Cursor at ${pair(this.cursor, 1)}. ${words}`);
    this.draw();
  }

  draw() {
    if (!this.scene || !this.width) return;
    this.canvas.style.width = this.canvas.style.height = `${this.width}px`;
    this.paint(contextOf(this.canvas, this.width), this.width, { ...this.scene, cursor: this.cursor });
  }

  /** A copy of what is shown, or of another scene, without the cursor. */
  copy(canvas = document.createElement("canvas"), scene = this.scene) {
    canvas.width = canvas.height = this.size;
    this.paint(canvas.getContext("2d"), this.size, { ...scene, cursor: null });
    return canvas;
  }
}
