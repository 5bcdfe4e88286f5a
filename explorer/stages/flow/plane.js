/** A plane to look at, in which a pointer, a finger or keys move one point. */

import { isBrowsers } from "../kit/base/dom.js";
import { same } from "../kit/base/store.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { contextOf } from "../kit/image/pixels.js";
import { HALF } from "./plane_paint.js";

const STEP = 0.1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {(context: CanvasRenderingContext2D, scene: any, side: number) => void} PaintScene paints a scene of a side */

/**
 * Paints what moves in a scene over what does not: that is painted once for each `still` of a scene, and each size.
 * @param {PaintScene} paintStill @param {PaintScene} paint
 */
export function overStill(paintStill, paint) {
  const below = document.createElement("canvas");
  let kept = [];
  return (context, side, scene) => {
    const key = [scene.still, side, context.canvas.width];
    if (!same(key, kept)) paintStill(contextOf(below, side), scene, side);
    kept = key;
    context.drawImage(below, 0, 0, side, side);
    paint(context, scene, side);
  };
}

export class Plane extends PlaneCanvas {
  /**
   * `size` is the largest side on the screen. `paint(context, scene, side)` draws over the result of `paintStill`,
   * which is kept while the scene's `still` is the same. `onMove(point, { rest })` gets the point when it is dragged or
   * moved by keys, and `onHover(point | null)` the place of a mouse above the plane.
   * @param {{label: string, size: number, paintStill: PaintScene, paint: PaintScene,
   *   onMove: (point: Point, how: {rest: boolean}) => void, onHover: (point: Point | null) => void}} how
   */
  constructor({ paintStill, paint, onMove, onHover, ...how }) {
    super({
      ...how,
      onMove: (point) => {
        if (this.scene) onHover(point);
      },
      onChoose: () => {},
      drag: {
        take: () => this.scene,
        move: (event) => onMove(this.pointAt(event), { rest: false }),
        end: (event) => onMove(this.pointAt(event), { rest: true }),
      },
      handles: () => this.scene ? [this.placeOf(this.scene.at)] : [],
      paint: overStill(paintStill, paint),
    });
    this.look([0, 0], HALF);
    this.onDrag = onMove;
    const { canvas } = this;
    canvas.title = "Drag the point, or move it by the arrow keys, with Shift farther.";
    canvas.addEventListener("pointerleave", () => onHover(null));
  }

  /** Place of a point of the plane on the canvas. */
  placeOf([x, y]) {
    return [x - this.middle[0], this.middle[1] - y].map((away) => ((away / this.half + 1) / 2) * this.width);
  }

  key(event) {
    if (!(event.key in MOVES) || isBrowsers(event) || !this.scene) return;
    const by = event.shiftKey ? 5 * STEP : STEP;
    const at = this.within(this.scene.at.map((value, i) => value + by * MOVES[event.key][i]));
    this.scene = { ...this.scene, at }; // keys may come faster than frames
    this.onDrag(at, { rest: true });
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Shows what is painted, with the point and the text alternative.
   * @param {{at: Point, still: unknown, words: string} & Record<string, any>} scene
   */
  show(scene) {
    this.cursor = scene.at;
    super.show(scene, scene.words);
  }
}
