/** The plane of a game: a picture to look at, or one on which a pointer, a finger or keys paint points. */

import { h } from "../kit/shell/dom.js";
import { pair } from "../kit/shell/format.js";
import { contextOf } from "../kit/image/pixels.js";
import { VIEW } from "./arena_data.js";
import { paintArena } from "./arena_paint.js";

const STEP = 0.1;
const APART = 0.16; // how far a drag goes from point to point
const KEPT = 452; // pixels of a saved picture
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const REMOVES = ["Backspace", "Delete"];

const within = (value) => Number(Math.max(-VIEW + 0.05, Math.min(VIEW - 0.05, value)).toFixed(2));

export class Arena {
  /**
   * `onDrawn(canvas)` is handed what is drawn, which waits until the size is known. `onPaint(points)` is told of the
   * points of a stroke as it ends, and `onRemove()` to take the last one back; without them the plane is only looked at.
   */
  constructor({ label, size, onDrawn = () => {}, onPaint = null, onRemove = null }) {
    Object.assign(this, {
      label,
      size,
      onDrawn,
      onPaint,
      onRemove,
      scene: null,
      width: 0,
      painting: false,
      cursor: [0, 0],
      stroke: [],
    });
    this.canvas = h("canvas", { class: "arena", role: "img", "aria-label": label });
    this.element = h("div", { class: "arena-frame" }, this.canvas);
    this.element.style.maxWidth = `${size}px`;
    if (onPaint) this.listen();
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.painting || event.button > 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.stroke = this.pointAt(event);
      this.draw();
    });
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    canvas.addEventListener("pointerup", () => this.finish());
    canvas.addEventListener("pointercancel", () => this.finish());
    canvas.addEventListener("keydown", (event) => this.painting && this.key(event));
  }

  drag(event) {
    if (!this.stroke.length) return;
    const [x, y] = this.pointAt(event);
    if (Math.hypot(this.stroke.at(-2) - x, this.stroke.at(-1) - y) < APART) return;
    this.stroke.push(x, y);
    this.draw();
  }

  finish() {
    const { stroke } = this;
    if (!stroke.length) return;
    this.stroke = [];
    this.onPaint(stroke);
  }

  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, span) => ((2 * value) / span - 1) * VIEW;
    return [within(share(event.clientX - box.left, box.width)), within(-share(event.clientY - box.top, box.height))];
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.shiftKey ? 5 * STEP : STEP;
    if (event.key in MOVES) {
      this.cursor = this.cursor.map((value, i) => within(value + by * MOVES[event.key][i]));
      this.show(this.scene);
    } else if (event.key === "Enter" || event.key === " ") this.onPaint([...this.cursor]);
    else if (REMOVES.includes(event.key)) this.onRemove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Makes the plane one to paint on, or one to look at. */
  setPainting(on) {
    if (on === this.painting) return;
    this.painting = on;
    this.canvas.setAttribute("role", on ? "application" : "img");
    if (on) this.canvas.tabIndex = 0;
    else this.canvas.removeAttribute("tabindex");
  }

  fit() {
    this.width = Math.min(this.size, this.element.clientWidth);
    this.draw();
  }

  /** @param {object} scene what `paintArena` wants, with `words`, the text alternative */
  show(scene) {
    this.scene = scene;
    if (!scene) return;
    const keys = this.painting
      ? ` Cursor at ${pair(this.cursor, 1)}. Arrow keys move it, Enter paints a point, Backspace takes ` +
        "the last one back."
      : "";
    this.canvas.setAttribute("aria-label", `${this.label}: ${scene.words}${keys}`);
    this.draw();
  }

  draw() {
    const { canvas, scene, width } = this;
    if (!scene || !width) return;
    const context = contextOf(canvas, width);
    canvas.style.width = canvas.style.height = `${width}px`;
    const painted = this.painting ? [...(scene.painted ?? []), ...this.stroke] : null;
    const cursor = this.painting && canvas.matches(":focus-visible") ? this.cursor : null;
    paintArena(context, { ...scene, painted, cursor }, width);
    this.onDrawn(canvas);
  }

  /** A scene on a canvas to keep. */
  copy(canvas = h("canvas"), scene = this.scene) {
    canvas.width = canvas.height = KEPT;
    paintArena(canvas.getContext("2d"), { ...scene, cursor: null }, KEPT);
    return canvas;
  }
}
