/** The plane to look at and touch: a pointer, a finger or keys move the cursor and drop points. */

import { h } from "../kit/dom.js";
import { pair } from "../kit/format.js";
import { contextOf } from "../kit/pixels.js";
import { HALF, paintPlane } from "../kit/field_paint.js";

const SIZE = 452;
const STEP = 0.1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const REMOVES = ["Backspace", "Delete"];

const round = (value) => Number(Math.max(-HALF, Math.min(HALF, value)).toFixed(2));

export class Plane {
  /** `onMove(point)` follows the cursor, `onDrop(point)` is a click or Enter, `onRemove()` takes the last one back. */
  constructor({ label, onMove, onDrop, onRemove }) {
    Object.assign(this, { label, onMove, onDrop, onRemove, scene: null, width: 0 });
    this.canvas = h("canvas", { class: "plane", role: "application", tabindex: 0, "aria-label": label });
    this.element = h("div", { class: "plane-frame" }, this.canvas);
    this.element.style.maxWidth = `${SIZE}px`;
    this.canvas.addEventListener(
      "pointermove",
      (event) => event.pointerType !== "touch" && onMove(this.pointAt(event)),
    );
    this.canvas.addEventListener("click", (event) => onDrop(this.pointAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  fit() {
    this.width = Math.min(SIZE, this.element.clientWidth);
    this.draw();
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
    const [x, y] = this.scene.cursor;
    const by = event.shiftKey ? 5 * STEP : STEP;
    if (event.key in MOVES) {
      const [dx, dy] = MOVES[event.key];
      const to = [round(x + by * dx), round(y + by * dy)];
      this.scene = { ...this.scene, cursor: to }; // keys may come faster than frames
      this.onMove(to);
    } else if (event.key === "Enter") this.onDrop([x, y]);
    else if (REMOVES.includes(event.key)) this.onRemove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {{level: object | null, frames: object[], at: number, ways: string[], drops: number[], cursor: number[],
   * colours: object, words: string}} scene `level` is a toy's field at a time; of `frames`, `at` is shown; `words` is
   * the text alternative
   */
  show(scene) {
    this.scene = scene;
    this.canvas.setAttribute("aria-label", `${this.label} Cursor at ${pair(scene.cursor, 1)}. ${scene.words}`);
    this.draw();
  }

  draw() {
    const { canvas, scene, width } = this;
    if (!scene || !width) return;
    const context = contextOf(canvas, width);
    canvas.style.width = canvas.style.height = `${width}px`;
    paintPlane(context, scene, width);
  }

  /** A copy of what is shown, or of another scene, without the cursor. */
  copy(canvas = document.createElement("canvas"), scene = this.scene) {
    canvas.width = canvas.height = SIZE;
    paintPlane(canvas.getContext("2d"), { ...scene, cursor: null }, SIZE);
    return canvas;
  }
}
