/** How odd images are to one family: its own test images, one kind of others, and the visitor's picture. */

import { h, say, setName, setText } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { paintAxis, paintMark, paintPile, paintThreshold } from "../kit/chart/histogram.js";
import { empty } from "../kit/shell/parts.js";
import { contextOf } from "../kit/image/pixels.js";
import { sign, verdict } from "./anomaly_words.js";
import { classOf } from "./column.js";

const FONT = "13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const LOW = 156;
const WIDE = 600; // pixels from which on a chart is as high as there is room

const AXIS = 34;
const EDGE = 8;
const HEAD = 34;
const MARK_TOP = -18;

/** Places of scores: the bins of a card are of equal width, by the logarithm where its scale says so. */
function scaleOf({ edges, scale }, width) {
  const of = scale === "log" ? (value) => Math.log(Math.max(value, 1e-9)) : (value) => value;
  const [low, high] = [of(edges[0]), of(edges.at(-1))];
  return (score) => EDGE + (width - 2 * EDGE) * Math.max(0, Math.min(1, (of(score) - low) / (high - low)));
}

const short = (
  value,
) => (Math.abs(value) >= 10
  ? value.toLocaleString("en", { maximumFractionDigits: 0 }).replace("-", "\u2212")
  : num(value, 1));

/** What stands below the axis, as much of it as there is room for. */
function nameOf(context, unit, width) {
  const names = [`${unit}; odder →`, `${unit} →`, "odder →"].map((name) => say(name));
  return names.find((name) => context.measureText(name).width <= width) ?? names.at(-1);
}

/** How high a chart is. */
export const heightOf = (width) => (width < WIDE ? LOW : Math.round(0.56 * width));

/** Draws the histograms of what is shown into `width` × `heightOf(width)`. */
function paint(context, { odd, kind, score, unit }, width, colours) {
  context.fillStyle = colours.ground;
  const height = heightOf(width);
  context.fillRect(0, 0, width, height);
  Object.assign(context, { font: FONT, textBaseline: "alphabetic" });
  const x = scaleOf(odd, width);
  const places = odd.edges.map(x);
  const bottom = height - AXIS;
  const how = { bottom, room: bottom - HEAD, line: 1.5 };
  paintPile(context, odd.own.counts, places, { ...how, tint: colours.classes[0], pattern: "solid" });
  paintPile(context, odd.kinds[kind].counts, places, { ...how, tint: colours.classes[1], pattern: "hatched" });
  paintAxis(context, {
    ...{ ends: [odd.edges[0], odd.edges.at(-1)], isLog: odd.scale === "log", x, bottom, width, colours },
    ...{ name: nameOf(context, unit, width), wordsOf: short },
  });
  paintThreshold(context, x(odd.threshold), { top: 6, bottom, colours });
  if (score !== null) paintMark(context, x(score), { top: MARK_TOP, bottom, width, text: num(score, 1), colours });
}

export class AnomalyChart {
  constructor(ctx) {
    this.ctx = ctx;
    this.title = h("h2");
    this.canvas = h("canvas", { class: "chart", role: "img" });
    this.words = h("figcaption", { class: "with-words" });
    this.missing = empty();
    this.element = h("figure", { class: "odd" }, this.title, this.canvas, this.words, this.missing);
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** `score` is the visitor's picture's, null while it is not known; `missing` says why there is nothing to show. */
  show({ family, kind, own, score, missing }) {
    const odd = family.card.compare?.odd;
    this.element.className = classOf("odd", family);
    this.what = odd && { odd, kind, score, unit: unitOf(family) };
    setText(this.title, family.title);
    for (const element of [this.canvas, this.words]) element.hidden = !odd;
    this.missing.hidden = Boolean(odd);
    setText(this.missing, missing);
    if (!odd) return setText(this.words, "");
    setText(this.title, `${family.title}: AUROC ${num(odd.kinds[kind].auroc, 3)}`);
    setText(this.words, verdict(odd, kind, own));
    const yours = score === null ? "" : ` Your picture has ${num(score, 1)}.`;
    setName(
      this.canvas,
      `${family.title}: how odd, ${unitOf(family)}. ${sign(odd, kind, own)}${yours} Beyond ` +
        `${num(odd.threshold, 1)} is flagged, ${percent(0.01)} of its own.`,
    );
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.what || !width) return;
    const height = heightOf(width);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.paint(contextOf(this.canvas, width, height), width, this.ctx.colours());
  }

  paint(context, width, colours) {
    paint(context, this.what, width, colours);
  }
}

/** What the scores of a family are. */
const UNITS = { exact: "−log p(x), nats", bound: "−ELBO, nats", estimate: "≈ −log p(x), nats" };
const unitOf = ({ can }) => UNITS[can.likelihood] ?? "its own score";
