/** A plane to look at, in which a pointer, a finger or keys move one point. */

import { h } from "../kit/shell/dom.js";
import { pair } from "../kit/shell/format.js";
import { contextOf } from "../kit/image/pixels.js";
import { HALF } from "./plane_paint.js";

const STEP = 0.1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Plane {
  /**
   * `size` is the side of a copy, `most` that on the screen; `paint(context, scene, side)` draws it over what
   * `paintStill` draws, which is kept as long as the scene's `still` is the same; `onMove(point, { rest })` is told
   * where the point is dragged or moved by keys, `onHover(point | null)` where a mouse is above the plane.
   */
  constructor({ label, size, most = size, paintStill, paint, onMove, onHover }) {
    Object.assign(this, { label, size, most, paintStill, paint, onMove, onHover, scene: null });
    const help = "Drag the point, or move it by the arrow keys, with Shift farther.";
    this.canvas = h("canvas", { class: "plane", role: "application", tabindex: 0, "aria-label": label, title: help });
    this.element = h("div", { class: "plane-frame" }, this.canvas);
    this.element.style.maxWidth = `${most}px`;
    this.below = h("canvas");
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  listen() {
    const { canvas } = this;
    const held = (event) => canvas.hasPointerCapture(event.pointerId);
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0 || !event.isPrimary || !this.scene) return;
      canvas.setPointerCapture(event.pointerId);
      this.onMove(this.pointAt(event), { rest: false });
    });
    canvas.addEventListener("pointermove", (event) => {
      if (held(event)) this.onMove(this.pointAt(event), { rest: false });
      else if (event.pointerType !== "touch") this.onHover(this.pointAt(event));
    });
    canvas.addEventListener("pointerup", (event) => held(event) && this.onMove(this.pointAt(event), { rest: true }));
    canvas.addEventListener("pointerleave", () => this.onHover(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, span) => Math.max(-1, Math.min(1, (2 * value) / span - 1));
    return [HALF * share(event.clientX - box.left, box.width), -HALF * share(event.clientY - box.top, box.height)];
  }

  key(event) {
    if (!(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey || !this.scene) return;
    const by = event.shiftKey ? 5 * STEP : STEP;
    const at = this.scene.at.map((value, i) => Math.max(-HALF, Math.min(HALF, value + by * MOVES[event.key][i])));
    this.scene = { ...this.scene, at }; // keys may come faster than frames
    this.onMove(at, { rest: true });
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {{at: number[], still: string, words: string}} scene what is painted, with the point and the text alternative */
  show(scene) {
    this.scene = scene;
    this.canvas.setAttribute("aria-label", `${this.label} The point is at ${pair(scene.at)}. ${scene.words}`);
    this.draw();
  }

  draw() {
    const width = Math.min(this.most, this.element.clientWidth);
    if (!this.scene || !width) return;
    const context = contextOf(this.canvas, width);
    this.canvas.style.width = this.canvas.style.height = `${width}px`;
    context.drawImage(this.still(width), 0, 0, width, width);
    this.paint(context, this.scene, width);
  }

  /** What lies below, at the display's density. */
  still(width) {
    const key = `${this.scene.still} ${this.canvas.width}`;
    if (key !== this.kept) this.paintStill(contextOf(this.below, width), this.scene, width);
    this.kept = key;
    return this.below;
  }

  /** A copy of what is shown, or of another scene. */
  copy(canvas = h("canvas"), scene = this.scene) {
    canvas.width = canvas.height = this.size;
    for (const paint of [this.paintStill, this.paint]) paint(canvas.getContext("2d"), scene, this.size);
    return canvas;
  }
}
