/** What was measured interval by interval of t, as bars to point at: the loss, or the bound's share. */

import { h, placeIn } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { contextOf } from "../kit/image/pixels.js";
import { paintAxes } from "../kit/chart/log_chart.js";

const HEIGHT = 340;
const NAMES = { loss: "mean squared error of the predicted noise", bound: "bits/dim of the interval" };
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 };

/** An interval's times in words; the upper edge belongs to the next one. */
export function timesIn(edges, k) {
  const [low, high] = [edges[k], edges[k + 1] - 1];
  return low === high ? `t = ${low}` : `t = ${low} to ${high}`;
}

/** The interval in which a time lies. */
export function intervalOf(edges, t) {
  const found = edges.findLastIndex((edge) => edge <= t);
  return Math.max(0, Math.min(edges.length - 2, found));
}

export class LearnedChart {
  /** `onChoose(k)` is told of the interval that a click, a finger or the arrow keys chose. */
  constructor(ctx, onChoose) {
    Object.assign(this, { ctx, onChoose, shown: null, width: 0 });
    this.canvas = h("canvas", { class: "chart learned-chart", role: "application", tabindex: 0 });
    this.element = h("div", { class: "chart-frame" }, this.canvas);
    this.canvas.addEventListener("click", (event) => this.choose(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** The interval under a pointer. */
  choose(event) {
    const { edges } = this.shown.bound;
    const [place] = placeIn(this.canvas, event);
    const found = edges.findIndex((edge, k) => k > 0 && this.axes.x(edge) >= place);
    this.onChoose(found < 0 ? edges.length - 2 : Math.max(0, found - 1));
  }

  key(event) {
    const last = this.shown.bound.edges.length - 2;
    const to = { Home: 0, End: last }[event.key] ?? this.shown.chosen + (MOVES[event.key] ?? NaN);
    if (Number.isNaN(to) || event.ctrlKey || event.metaKey || event.altKey) return;
    this.onChoose(Math.max(0, Math.min(last, to)));
    event.preventDefault();
    event.stopPropagation();
  }

  /** `bound` is the card's, `part` “loss” or “bound”, `chosen` an interval. */
  show(bound, part, chosen) {
    this.shown = { bound, part, chosen, values: part === "loss" ? bound.loss : bound.bits };
    const digits = part === "loss" ? 4 : 3;
    this.canvas.setAttribute(
      "aria-label",
      `${NAMES[part]}: ${num(this.shown.values[chosen], digits)} at ${timesIn(bound.edges, chosen)}. ` +
        "Arrow keys choose another interval.",
    );
    this.draw();
  }

  draw() {
    this.width = this.element.clientWidth;
    if (!this.shown || !this.width) return;
    const context = contextOf(this.canvas, this.width, HEIGHT);
    Object.assign(this.canvas.style, { width: `${this.width}px`, height: `${HEIGHT}px` });
    this.axes = this.paint(context, this.width);
  }

  paint(context, width) {
    const { bound, part, chosen, values } = this.shown;
    const colours = this.ctx.colours();
    const logY = part === "loss";
    const top = Math.max(...values);
    const ys = logY ? [Math.min(...values) / 2, Math.max(1, top)] : [0, top * 1.05];
    const axes = paintAxes(context, {
      width,
      height: HEIGHT,
      xs: [1, bound.edges.at(-1)],
      ys,
      logY,
      name: NAMES[part],
      colours,
    });
    values.forEach((value, k) => {
      const [left, right] = [axes.x(bound.edges[k]), axes.x(bound.edges[k + 1])];
      context.fillStyle = k === chosen ? colours.you : colours.classes[0];
      const height = Math.max(1, axes.bottom - axes.y(value));
      context.fillRect(left + 0.5, axes.bottom - height, Math.max(1, right - left - 1), height);
    });
    return axes;
  }

  copy() {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: this.width, height: HEIGHT });
    this.paint(canvas.getContext("2d"), this.width);
    return canvas;
  }
}
