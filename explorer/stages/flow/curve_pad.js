/** A curve through points that a pointer, a finger or keys drag up and down. */

import { h, isBrowsers, placeIn, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { num } from "../kit/base/format.js";
import { contextOf, onSize } from "../kit/image/pixels.js";

const STEP = 0.1;
const FONT = "13px system-ui, sans-serif";
const NONE = { left: 0, right: 0, top: 0, bottom: 0 };

/**
 * @typedef {{left: number, right: number, top: number, bottom: number}} Edge
 * @typedef {object} CurveScene `fixed` is a curve that cannot be bent now
 * @property {number[]} values
 * @property {(x: number) => number} curve
 * @property {string} name
 * @property {boolean} fixed
 * @property {string} words
 * @property {Colours} colours
 *
 * @typedef {object} CurveLook
 * @property {string} label
 * @property {number[]} xs
 * @property {number} reach
 * @property {number | ((width: number) => number)} height
 * @property {Edge} [edge]
 * @property {(context: Context2d, scene: any, places: any) => void} [paint]
 * @property {(values: number[], how: {rest: boolean, moved: number}) => void} onChange
 * @property {((x: number, how: {rest: boolean}) => void) | null} [onMark]
 */

export class CurvePad {
  /**
   * `xs` are the places of the points, their values within ±`reach`; `onChange(values, { rest })` gets new values.
   * `edge` leaves room around the curve for what `paint(context, scene, places)` adds. `onMark(x, { rest })` makes a
   * line of x that is dragged below it.
   * @param {CurveLook} look
   */
  constructor({ label, xs, reach, height, edge = NONE, paint = () => {}, onChange, onMark = null }) {
    this.label = label;
    this.xs = xs;
    this.reach = reach;
    this.height = height;
    this.edge = edge;
    this.paint = paint;
    this.onChange = onChange;
    this.onMark = onMark;
    /** @type {CurveScene | null} */
    this.scene = null;
    this.chosen = 0;
    const help = "Drag the points up and down. Keys: ← and → choose one, ↑ and ↓ move it, with Shift less.";
    this.canvas = h("canvas", {
      class: "curve-pad",
      role: "application",
      tabindex: 0,
      "aria-label": label,
      title: help,
    });
    this.element = h("div", { class: "curve-frame" }, this.canvas);
    this.listen();
    onSize(this.element, () => this.draw());
  }

  listen() {
    const { canvas } = this;
    const tell = (event, { isMark }, rest) => {
      const [x, y] = this.valueAt(event);
      if (isMark) this.onMark(x, { rest });
      else this.bend(y, rest);
    };
    onDrag(canvas, {
      take: (event) => this.scene && this.take(event),
      move: (event, taken) => tell(event, taken, false),
      end: (event, taken) => tell(event, taken, true),
    }, { handles: () => this.knots });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.draw());
    canvas.addEventListener("blur", () => this.draw());
  }

  /** Chooses the point under a pointer; below the curve it is the line of x. */
  take(event) {
    const [x, y] = this.valueAt(event, false);
    const isMark = Math.abs(y) > this.reach;
    if (isMark && !this.onMark) return null;
    if (!isMark) this.chosen = nearest(this.xs, x);
    return { isMark };
  }

  /** Places of the points on the canvas. */
  get knots() {
    const { x, y } = this.places(this.canvas.offsetWidth, this.canvas.offsetHeight);
    return this.scene ? this.xs.map((each, i) => [x(each), y(this.scene.values[i])]) : [];
  }

  /** Puts the chosen point at a value. */
  bend(value, rest) {
    if (this.scene.fixed) return;
    const values = [...this.scene.values];
    values[this.chosen] = Number(Math.max(-this.reach, Math.min(this.reach, value)).toFixed(2));
    this.scene = { ...this.scene, values }; // keys may come faster than frames
    this.onChange(values, { rest, moved: this.chosen });
  }

  key(event) {
    if (isBrowsers(event) || !this.scene) return;
    const [side, up] = [{ ArrowLeft: -1, ArrowRight: 1 }[event.key], { ArrowUp: 1, ArrowDown: -1 }[event.key]];
    if (side) {
      this.chosen = Math.max(0, Math.min(this.xs.length - 1, this.chosen + side));
      this.show(this.scene);
    } else if (up) this.bend(this.scene.values[this.chosen] + up * (event.shiftKey ? STEP / 5 : STEP), true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Place of the curve on a canvas: from values to pixels. */
  places(width, height) {
    const { edge, reach } = this;
    const [left, right, top, bottom] = [edge.left, width - edge.right, edge.top, height - edge.bottom];
    const far = this.xs.at(-1) * 1.06;
    return {
      left,
      right,
      top,
      bottom,
      x: (value) => left + ((value + far) / (2 * far)) * (right - left),
      y: (value) => bottom - ((value + reach * 1.06) / (2.12 * reach)) * (bottom - top),
    };
  }

  valueAt(event, bounded = true) {
    const [across, down] = placeIn(this.canvas, event);
    const { left, right, top, bottom } = this.places(this.canvas.offsetWidth, this.canvas.offsetHeight);
    const far = this.xs.at(-1);
    const x = 1.06 * far * ((2 * (across - left)) / (right - left) - 1);
    const y = -1.06 * this.reach * ((2 * (down - top)) / (bottom - top) - 1);
    return bounded ? [Math.max(-far, Math.min(far, x)), y] : [x, y];
  }

  /** @param {CurveScene} scene */
  show(scene) {
    this.scene = scene;
    const at = `Point ${this.chosen + 1} of ${this.xs.length}, at ${num(this.xs[this.chosen], 1)}, is ` +
      `${num(scene.values[this.chosen])}.`;
    setName(this.canvas, `${this.label}. ${scene.fixed ? "It cannot be bent now." : at}`, scene.words);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    const height = typeof this.height === "function" ? this.height(width) : this.height;
    if (!this.scene || !width) return;
    const context = contextOf(this.canvas, width, height);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.paintAll(context, width, height, this.canvas.matches(":focus-visible"));
  }

  paintAll(context, width, height, focused) {
    const { scene } = this;
    const places = this.places(width, height);
    const { colours } = scene;
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, height);
    this.paintAxes(context, places, colours);
    this.paint(context, scene, places);
    Object.assign(context, { strokeStyle: colours.ink, lineWidth: 2, lineJoin: "round" });
    context.beginPath();
    for (let px = places.left; px <= places.right; px += 2) {
      const far = 1.06 * this.xs.at(-1);
      const x = ((2 * (px - places.left)) / (places.right - places.left) - 1) * far;
      context.lineTo(px, places.y(scene.curve(x)));
    }
    context.stroke();
    if (!scene.fixed) this.paintKnots(context, places, focused);
  }

  paintAxes(context, { x, y, left, right, top, bottom }, { line, quiet }) {
    Object.assign(context, {
      strokeStyle: line,
      lineWidth: 1,
      fillStyle: quiet,
      font: FONT,
      textBaseline: "alphabetic",
    });
    context.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
    context.beginPath();
    for (const [[ax, ay], [bx, by]] of [[[x(0), top], [x(0), bottom]], [[left, y(0)], [right, y(0)]]]) {
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
    }
    context.stroke();
    context.textAlign = "left";
    context.fillText(this.scene.name, left + 6, top + 15);
  }

  paintKnots(context, { x, y }, focused) {
    const { values, colours } = this.scene;
    values.forEach((value, i) => {
      context.beginPath();
      context.arc(x(this.xs[i]), y(value), focused && i === this.chosen ? 8 : 5.5, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: colours.you, strokeStyle: colours.ground, lineWidth: 1.5 });
      context.fill();
      context.stroke();
    });
  }
}

const nearest = (xs, x) => xs.reduce((best, each, i) => (Math.abs(each - x) < Math.abs(xs[best] - x) ? i : best), 0);
