/** How odd images are to one family: its own test images, one kind of others, and the visitor's picture. */

import { h, say, setName, setText } from "../kit/shell/dom.js";
import { MINUS, num } from "../kit/shell/format.js";
import { paintAxis, paintMark, paintPile, paintThreshold } from "../kit/chart/histogram.js";
import { empty } from "../kit/shell/parts.js";
import { contextOf } from "../kit/image/pixels.js";
import { classOf } from "./column.js";

const FONT = "13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const LOW = 156;
const WIDE = 600; // pixels from which on a chart is as high as there is room
const [AXIS, EDGE, HEAD, MARK_TOP] = [34, 8, 34, -18];

/** Places of scores: the bins are of equal width, by the logarithm where the scale is one. */
function scaleOf({ edges, isLog }, width) {
  const of = isLog ? (value) => Math.log(Math.max(value, 1e-9)) : (value) => value;
  const [low, high] = [of(edges[0]), of(edges.at(-1))];
  return (score) => EDGE + (width - 2 * EDGE) * Math.max(0, Math.min(1, (of(score) - low) / (high - low)));
}

const short = (value) =>
  Math.abs(value) >= 10 ? value.toLocaleString("en", { maximumFractionDigits: 0 }).replace("-", MINUS) : num(value, 1);

/** What stands below the axis, as much of it as there is room for. */
function nameOf(context, unit, width) {
  const names = [`${unit}; odder →`, `${unit} →`, "odder →"].map((name) => say(name));
  return names.find((name) => context.measureText(name).width <= width) ?? names.at(-1);
}

/** How high a chart is. */
export const heightOf = (width) => (width < WIDE ? LOW : Math.round(0.56 * width));

export class AnomalyChart {
  constructor(ctx) {
    this.ctx = ctx;
    this.title = h("h2");
    this.canvas = h("canvas", { class: "chart", role: "img" });
    this.words = h("figcaption", { class: "with-words" });
    this.reason = empty();
    this.missing = h("details", { class: "cannot", open: true }, h("summary", {}, "∅ cannot"), this.reason);
    this.element = h("figure", { class: "odd" }, this.title, this.canvas, this.words, this.missing);
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /**
   * `what` is the server's chart of the family, or nothing; `score` is the visitor's picture's, null while it is not
   * known; `missing` says why there is nothing to show.
   */
  show({ family, what, score, missing }) {
    this.element.className = classOf("odd", family);
    this.what = what && { ...what, score };
    setText(this.title, what?.title ?? family.title);
    for (const element of [this.canvas, this.words]) element.hidden = !what;
    this.missing.hidden = Boolean(what);
    setText(this.reason, missing);
    setText(this.words, what?.words ?? "");
    if (!what) return;
    setName(this.canvas, `${what.says}${score === null ? "" : ` Your picture has ${num(score, 1)}.`}`);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.what || !width) return;
    const height = heightOf(width);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.paint(contextOf(this.canvas, width, height), width, this.ctx.colours());
  }

  /** Draws the histograms of what is shown into `width` × `heightOf(width)`. */
  paint(context, width, colours) {
    const { edges, own, other, isLog, threshold, unit, score } = this.what;
    const height = heightOf(width);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, height);
    Object.assign(context, { font: FONT, textBaseline: "alphabetic" });
    const x = scaleOf(this.what, width);
    const places = edges.map(x);
    const bottom = height - AXIS;
    const how = { bottom, room: bottom - HEAD, line: 1.5 };
    paintPile(context, own, places, { ...how, tint: colours.classes[0], pattern: "solid" });
    paintPile(context, other, places, { ...how, tint: colours.classes[1], pattern: "hatched" });
    const ends = [edges[0], edges.at(-1)];
    const name = nameOf(context, unit, width);
    paintAxis(context, { ends, isLog, x, bottom, width, colours, name, wordsOf: short });
    paintThreshold(context, x(threshold), { top: 6, bottom, colours });
    if (score !== null) paintMark(context, x(score), { top: MARK_TOP, bottom, width, text: num(score, 1), colours });
  }
}
