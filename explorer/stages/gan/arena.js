/** The plane of a game: a picture to look at, or one on which a pointer, a finger or keys paint points. */

import { contextOf } from "../kit/image/pixels.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { setName } from "../kit/base/dom.js";
import { pair } from "../kit/base/format.js";
import { VIEW } from "./arena_data.js";
import { paintArena } from "./arena_paint.js";

const APART = 0.16; // how far a drag goes from point to point

export class Arena extends PlaneCanvas {
  /**
   * `onDrawn(canvas)` gets the drawing, which waits for its size. `onPaint(points)` gets the points of a stroke at its
   * end, and `onRemove()` takes the last one back; without them the plane cannot be edited.
   * @param {{label: string, size: number, onDrawn?: (canvas: HTMLCanvasElement) => void,
   *   onPaint?: ((points: number[]) => void) | null, onRemove?: () => void}} how
   */
  constructor({ label, size, onDrawn = () => {}, onPaint = null, onRemove }) {
    super({
      label,
      size,
      paint: (context, side, scene) => paintArena(context, scene, side),
      onMove: () => this.painting && this.show(this.scene),
      drag: {
        take: (event) => this.painting && onPaint ? this.begin(this.pointAt(event)) : null,
        move: (event) => this.drag(this.pointAt(event)),
        end: () => this.finish(),
        cancel: () => this.begin([]),
      },
      atOnce: true,
      onChoose: (point) => point === this.cursor && onPaint([...point]), // by Enter; a click is a stroke
      onRemove,
    });
    this.onDrawn = onDrawn;
    this.onPaint = onPaint;
    this.painting = true;
    /** @type {number[]} */
    this.stroke = [];
    this.look([0, 0], VIEW);
    this.canvas.classList.add("arena");
    this.element.classList.add("arena-frame");
    this.setPainting(false);
  }

  /** Begins a stroke at a point; without one the stroke is dropped. */
  begin(stroke) {
    this.stroke = stroke;
    this.draw();
    return stroke;
  }

  /** @param {Point} point */
  drag([x, y]) {
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

  key(event) {
    if (this.painting) super.key(event);
  }

  /** Makes the plane one to paint on, or one to look at. */
  setPainting(on) {
    if (on === this.painting) return;
    this.painting = on;
    this.canvas.setAttribute("role", on ? "application" : "img");
    if (on) this.canvas.tabIndex = 0;
    else this.canvas.removeAttribute("tabindex");
  }

  /** @param {object} scene what `paintArena` wants, with `words`, the text alternative */
  show(scene) {
    this.width ||= this.room;
    this.scene = scene;
    const keys = this.painting
      ? ` Cursor at ${pair(this.cursor, 1)}. Arrow keys move it, Enter paints a point, Backspace takes ` +
        "the last one back."
      : "";
    setName(this.canvas, this.label, `${scene.words}${keys}`);
    this.draw();
  }

  draw() {
    const { canvas, scene, width } = this;
    if (!scene || !width) return;
    canvas.style.width = canvas.style.height = `${width}px`;
    const painted = this.painting ? [...(scene.painted ?? []), ...this.stroke] : null;
    const cursor = this.painting && canvas.matches(":focus-visible") ? this.cursor : null;
    paintArena(contextOf(canvas, width), { ...scene, painted, cursor }, width);
    this.onDrawn(canvas);
  }
}
