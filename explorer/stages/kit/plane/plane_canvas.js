/** A square of the plane to look at and touch: a pointer, a finger or keys move the cursor and choose a point. */

import { h, isBrowsers, setName } from "../base/dom.js";
import { onDrag } from "../base/drag.js";
import { pair } from "../base/format.js";
import { contextOf, onSize, setWidest } from "../image/pixels.js";

/** Distance from the middle of the picture to its edge, unless the mode sets another. */
export const HALF = 2.6;

const STEP = 1 / 26; // of how far it reaches, about
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const NOTHING = () => {};
const REMOVES = ["Backspace", "Delete"];

export class PlaneCanvas {
  /**
   * `size` is the side on the screen, at most; `paint(context, size, scene)` draws; `onMove(point)`
   * follows the cursor, `onChoose(point)` is a click or Enter. `onRest(point)` gets the place where a finger that moved
   * the cursor is lifted. `drag` are other acts of `onDrag`, with its options.
   * @param {PlaneLook} look
   */
  constructor({ label, size, paint, onMove, onChoose, onRemove = () => {}, onRest = NOTHING, drag, handles, atOnce }) {
    this.label = label;
    this.size = size;
    this.paint = paint;
    this.onMove = onMove;
    this.onChoose = onChoose;
    this.onRemove = onRemove;
    this.onRest = onRest;
    /** @type {object | null} */
    this.scene = null;
    /** @type {Point} */
    this.cursor = [0, 0];
    this.width = 0;
    this.look([0, 0], HALF);
    this.canvas = h("canvas", { class: "landscape", role: "application", tabindex: 0, "aria-label": label });
    this.element = h("div", { class: "landscape-frame" }, this.canvas);
    setWidest(this.element, `${size}px`);
    onDrag(this.canvas, drag ?? this.byFinger(), { handles, atOnce });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch" && !(drag && event.buttons)) this.move(this.pointAt(event));
    });
    this.canvas.addEventListener("click", (event) => onChoose(this.pointAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    onSize(this.element, () => {
      this.width = this.room;
      this.draw();
    });
  }

  /** Moves the cursor by a finger that goes sideways; a tap is a click. */
  byFinger() {
    return {
      take: ({ pointerType }) => pointerType === "touch" ? { cursor: [...this.cursor], moved: false } : null,
      move: (event, taken) => {
        taken.moved = true;
        this.move(this.pointAt(event));
      },
      end: (event, { moved }) => moved && this.onRest(this.pointAt(event)),
      cancel: ({ cursor }) => this.move(cursor),
    };
  }

  get room() {
    return Math.min(this.size, this.element.clientWidth);
  }

  /** Shows a square about a middle, as far out as `half`. @param {Point} middle @param {number} half */
  look(middle, half) {
    this.middle = middle;
    this.half = half;
  }

  /** A place within the square, to two decimals. @param {Point} point @returns {Point} */
  within(point) {
    return point.map((value, i) => {
      const [low, high] = [this.middle[i] - this.half, this.middle[i] + this.half];
      return Number(Math.max(low, Math.min(high, value)).toFixed(2));
    });
  }

  /** @param {Point} point */
  move(point) {
    this.cursor = point;
    this.onMove(point);
  }

  /** @param {MouseEvent} event */
  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, span) => (2 * value) / span - 1;
    return this.within([
      this.middle[0] + share(event.clientX - box.left, box.width) * this.half,
      this.middle[1] - share(event.clientY - box.top, box.height) * this.half,
    ]);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event)) return;
    const by = (event.shiftKey ? 5 : 1) * Number((STEP * this.half).toPrecision(1));
    if (event.key in MOVES) {
      const [dx, dy] = MOVES[event.key];
      this.move(this.within([this.cursor[0] + by * dx, this.cursor[1] + by * dy]));
    } else if (event.key === "Enter") this.onChoose(this.cursor);
    else if (REMOVES.includes(event.key)) this.onRemove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Draws a scene; `words` is the text alternative. @param {object} scene @param {string} words */
  show(scene, words) {
    this.width ||= this.room;
    this.scene = scene;
    this.words = words;
    setName(this.canvas, `${this.label} Cursor at ${pair(this.cursor, 1)}.`, words);
    this.draw();
  }

  draw() {
    if (!this.scene || !this.width) return;
    this.canvas.style.width = this.canvas.style.height = `${this.width}px`;
    this.paint(contextOf(this.canvas, this.width), this.width, { ...this.scene, cursor: this.cursor });
  }
}
