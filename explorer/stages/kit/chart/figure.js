/** A chart with grips: points that are dragged along one axis, each of them a slider to keys and to a screen reader. */

import { Chart } from "./chart.js";
import { roundTicks } from "./ticks.js";
import { h, isBrowsers, zoomOf } from "../base/dom.js";
import { onDrag } from "../base/drag.js";
import { num } from "../base/format.js";

const MOST = 8; // ticks of the lower axis
const MORE = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * @typedef {{key: string, label: string, axis: "x" | "y", low: number, high: number, step: number, still?: boolean}} GripLook
 * @typedef {(key: string, value: number, how: {rest: boolean}) => void} OnGrip
 * @typedef {{at: Point, value: number, of?: (place: number) => number}} GripPlace where a grip stands, and what that means
 */
export class Figure extends Chart {
  /**
   * `grips` are [{key, label, axis, low, high, step, still}], with the bounds of the value; a `still` one is no part of
   * the model. `onGrip(key, value, { rest })` gets a new value.
   * @param {Ctx} ctx
   * @param {{label: string, height: number, grips?: GripLook[], onGrip?: OnGrip}} how
   */
  constructor(ctx, { label, height, grips = [], onGrip = () => {} }) {
    super(ctx, { label, height });
    /** @type {string | undefined} */
    this.words;
    this.grips = grips.map((grip) => new Grip(this, grip, onGrip));
    this.element.append(...this.grips.map(({ element }) => element));
  }

  /** Content of a chart; its text alternative are the mode's words. */
  show(what) {
    const ticks = { x: roundTicks(what.xs, MOST), ...what.ticks };
    super.show({ words: this.words, ...what, ticks });
  }

  /** Chart, and `grips` {key: {at: [x, y], value, of}}: `of(place)` is the value at a place of the axis. */
  draw() {
    super.draw();
    if (!this.what || !this.width) return;
    for (const grip of this.grips) grip.show(this.what.grips?.[grip.name], this.scales);
  }
}

class Grip {
  /** @type {GripPlace | null} */
  now = null;

  /** @param {Figure} figure @param {GripLook} look @param {OnGrip} onGrip */
  constructor(figure, { key, label, axis, low, high, step, still = false }, onGrip) {
    this.figure = figure;
    this.name = key;
    this.axis = axis;
    this.low = low;
    this.high = high;
    this.step = step;
    this.onGrip = onGrip;
    this.element = h("div", {
      class: still ? "grip still" : "grip",
      role: "slider",
      tabindex: 0,
      "aria-label": label,
      "aria-valuemin": low,
      "aria-valuemax": high,
      "aria-orientation": axis === "x" ? "horizontal" : "vertical",
      title: `${label}: drag it, or use the arrow keys`,
    });
    this.listen();
  }

  listen() {
    const { element } = this;
    onDrag(element, {
      take: (event) => {
        const { xAt, yAt } = this.figure.scales; // those of now, as others may come while it is dragged
        return { shift: this.pixelOf(event) - this.pixel, xAt, yAt };
      },
      move: (event, taken) => this.tell(this.valueOf(event, taken), false),
      end: (event, taken) => this.tell(this.valueOf(event, taken), true),
    }, { atOnce: true });
    element.addEventListener("keydown", (event) => this.key(event));
  }

  pixelOf(event) {
    return this.axis === "x" ? event.clientX : event.clientY;
  }

  /** The value under a pointer that took the grip beside its middle. */
  valueOf(event, { shift, xAt, yAt }) {
    const { canvas } = this.figure;
    const [{ left, top }, pixel] = [canvas.getBoundingClientRect(), this.pixelOf(event) - shift];
    return this.now.of(this.axis === "x" ? xAt((pixel - left) / zoomOf(canvas)) : yAt((pixel - top) / zoomOf(canvas)));
  }

  /** Middle of the grip in the window. */
  get pixel() {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    return this.axis === "x" ? left + width / 2 : top + height / 2;
  }

  tell(value, rest) {
    const { low, high, step } = this;
    const round = Number((Math.round(Math.max(low, Math.min(high, value)) / step) * step).toFixed(4));
    const kept = Math.max(low, Math.min(high, round));
    this.now = { ...this.now, value: kept }; // keys may come faster than frames
    this.onGrip(this.name, kept, { rest });
  }

  key(event) {
    if (isBrowsers(event)) return;
    const ends = { Home: this.low, End: this.high };
    if (event.key in MORE) this.tell(this.now.value + MORE[event.key] * (event.shiftKey ? 5 : 1) * this.step, true);
    else if (event.key in ends) this.tell(ends[event.key], true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Puts it at its place, at the edge where that lies outside; hides it where it has none. */
  show(now, { x, y }) {
    this.element.hidden = !now;
    if (!now) return;
    this.now = { of: (place) => place, ...now };
    const { xs, ys } = this.figure.what;
    /** @param {number} value @param {Ends} ends */
    const within = (value, [low, high]) => Math.max(low, Math.min(high, value));
    this.element.style.left = `${x(within(now.at[0], xs))}px`;
    this.element.style.top = `${y(within(now.at[1], ys))}px`;
    this.element.setAttribute("aria-valuenow", now.value);
    this.element.setAttribute("aria-valuetext", num(now.value));
  }
}

/**
 * A curve over places, as points; what lies outside of the axis is left out.
 * @param {number[]} xs @param {(x: number) => number} of @param {Ends} [ends]
 */
export const curve = (xs, of, [low, high] = [-Infinity, Infinity]) =>
  xs.map((x) => [x, of(x)]).filter(([, y]) => y >= low && y <= high);

/** A label of a curve, at the point nearest to a place. */
export const labelled = (points, label, place) => {
  const away = points.map(([x]) => Math.abs(x - place));
  return { points, label, at: away.indexOf(Math.min(...away)) };
};
