/** How odd images are to one family: its own test images, one kind of others, and the visitor's picture. */

import { h, say, setName, setText } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { paintMark, paintPile } from "../kit/chart/histogram.js";
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
const APART = 56;

/** Places of scores: the bins of a card are of equal width, by the logarithm where its scale says so. */
function scaleOf({ edges, scale }, width) {
  const of = scale === "log" ? (value) => Math.log(Math.max(value, 1e-9)) : (value) => value;
  const [low, high] = [of(edges[0]), of(edges.at(-1))];
  return (score) => EDGE + (width - 2 * EDGE) * Math.max(0, Math.min(1, (of(score) - low) / (high - low)));
}

/** Round values between the ends of the axis: of every power of ten, or evenly spaced. */
function roundOnes({ edges, scale }) {
  const [low, high] = [edges[0], edges.at(-1)];
  const power = 10 ** Math.floor(Math.log10((high - low) / 2));
  const even = Array.from({ length: 60 }, (_, i) => (Math.ceil(low / power) + i) * power);
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (i - 4)).flatMap((each) => [each, 2 * each, 5 * each]);
  return (scale === "log" ? powers : even).filter((value) => value >= low && value <= high);
}

/** As many of them as stand far enough apart. */
function ticksOf(odd, x) {
  let last = -Infinity;
  return roundOnes(odd).filter((value) => {
    if (x(value) - last < APART) return false;
    last = x(value);
    return true;
  });
}

const short = (
  value,
) => (Math.abs(value) >= 10
  ? value.toLocaleString("en", { maximumFractionDigits: 0 }).replace("-", "\u2212")
  : num(value, 1));

function paintAxis(context, odd, { x, bottom, width, unit, colours }) {
  context.fillStyle = colours.line;
  context.fillRect(0, bottom, width, 1);
  context.fillStyle = colours.quiet;
  for (const value of ticksOf(odd, x)) {
    const text = short(value);
    const half = context.measureText(text).width / 2;
    context.fillRect(x(value), bottom, 1, 4);
    context.textAlign = "center";
    context.fillText(text, Math.max(half, Math.min(width - half, x(value))), bottom + 16);
  }
  context.textAlign = "right";
  const names = [`${unit}; odder →`, `${unit} →`, "odder →"].map((name) => say(name));
  context.fillText(names.find((name) => context.measureText(name).width <= width) ?? names.at(-1), width, bottom + 31);
}

function paintThreshold(context, place, { bottom, colours }) {
  context.save();
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1.25 });
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(place, 6);
  context.lineTo(place, bottom);
  context.stroke();
  context.restore();
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
  paintAxis(context, odd, { x, bottom, width, unit, colours });
  paintThreshold(context, x(odd.threshold), { bottom, colours });
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
