/**
 * The distribution that a network predicted for one pixel: two bars, or the curve over 256 levels; what was drawn is
 * marked.
 */

import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { palette } from "../kit/chart/palette.js";
import { contextOf } from "../kit/image/pixels.js";
import { entropyBits } from "./levels.js";

const HEIGHT = 200;
const LINE = 18;
const TOP = 18;
const PEAK = 90;
const NAMES = ["black", "white"];
const FONT = "13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Probabilities small enough to round to zero or one keep their size visible. */
export const share = (p) => (p > 0 && p < 0.0005 ? "<0.001" : p < 1 && p > 0.9995 ? ">0.999" : num(p, 3));

class Distribution {
  constructor() {
    this.title = h("h2", {});
    this.canvas = h("canvas", { class: "distribution", role: "img" });
    this.element = h("figure", { class: "distribution-frame" }, this.title, this.canvas);
    this.what = null;
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /**
   * `tempered` is the distribution that was drawn from where T ≠ 1, else null; `drawn` the level that the pixel has, or
   * null; `mark` says how it came to have it.
   */
  show(what) {
    this.what = { tempered: null, drawn: null, mark: "drawn", ...what };
    this.title.textContent = what.title ?? "";
    this.canvas.setAttribute("aria-label", describe(this.what));
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.what || width === 0) return;
    const context = contextOf(this.canvas, width, HEIGHT);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${HEIGHT}px`;
    this.colours ??= palette(document.body.classList.contains("dark") ? "dark" : "light", this.title);
    context.clearRect(0, 0, width, HEIGHT);
    context.font = FONT;
    const paint = this.what.net.levels === 2 ? paintBars : paintCurve;
    paint(context, this.what, width, this.colours);
  }
}

function describe({ net, probabilities, tempered, drawn, mark, title }) {
  const mode = probabilities.indexOf(Math.max(...probabilities));
  const what = net.levels === 2
    ? `black ${share(probabilities[0])}, white ${share(probabilities[1])}`
    : `most likely level ${mode}, probability ${share(probabilities[mode])}`;
  const chosen = drawn === null
    ? ""
    : `; ${mark}: ${net.levels === 2 ? NAMES[drawn] : `level ${drawn}`}, probability ` +
      `${share(probabilities[drawn])}`;
  const hot = tempered === null || net.levels > 2 ? "" : `; after temperature, white ${share(tempered[1])}`;
  return `${title ?? "Distribution"}: ${what}, entropy ${num(entropyBits(probabilities))} bits${hot}${chosen}`;
}

/** Two bars with their numbers; the one drawn has the accent and the word, the outline is what temperature made of them. */
function paintBars(context, { probabilities, tempered, drawn, mark }, width, { ink, quiet, line, you }) {
  const room = HEIGHT - 2 * LINE - 6 - TOP;
  const bar = Math.min(96, width / 3);
  context.textAlign = "center";
  for (const level of [0, 1]) {
    const middle = (width * (1 + 2 * level)) / 4;
    const height = Math.max(1, room * probabilities[level]);
    context.fillStyle = level === drawn ? you : quiet;
    context.fillRect(middle - bar / 2, TOP + room - height, bar, height);
    if (tempered) {
      outline(context, middle - bar / 2 - 3, TOP + room - room * tempered[level], bar + 6, room * tempered[level], ink);
    }
    context.fillStyle = ink;
    const top = TOP + room - Math.max(height, tempered ? room * tempered[level] : 0);
    context.fillText(share(probabilities[level]), middle, top - 5);
    context.fillText(NAMES[level], middle, HEIGHT - LINE - 8);
    if (level !== drawn) continue;
    context.fillStyle = you;
    const half = context.measureText(mark).width / 2;
    context.fillText(mark, Math.max(half, Math.min(width - half, middle)), HEIGHT - 8);
  }
  context.fillStyle = line;
  context.fillRect(0, TOP + room, width, 1);
}

function outline(context, left, top, width, height, colour) {
  context.save();
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 });
  context.setLineDash([4, 3]);
  context.strokeRect(left, top, width, height);
  context.restore();
}

/** The curve over the levels as steps, from black to white; the drawn level is a line through it. */
function paintCurve(context, { probabilities, tempered, drawn }, width, { ink, quiet, line, you }) {
  const room = HEIGHT - LINE - 6 - TOP;
  const count = probabilities.length;
  const highest = Math.max(...probabilities, ...(tempered ?? []));
  const x = (level) => (level * width) / count;
  const y = (p) => TOP + room * (1 - p / highest);
  context.fillStyle = quiet;
  probabilities.forEach((p, level) => context.fillRect(x(level), y(p), Math.max(1, width / count), TOP + room - y(p)));
  if (tempered) paintSteps(context, tempered, { x, y, colour: ink });
  context.fillStyle = line;
  context.fillRect(0, TOP + room, width, 1);
  context.fillStyle = ink;
  ends(context, width, ["0 black", `${count - 1} white`], HEIGHT - 8);
  const words = drawn === null ? "" : `level ${drawn}: ${share(probabilities[drawn])}`;
  const half = context.measureText(words).width / 2;
  const peak = width > 2 * half + PEAK ? PEAK : 0; // where there is room for both
  context.textAlign = "left";
  if (peak || drawn === null) context.fillText(`peak ${share(highest)}`, 0, TOP - 6);
  if (drawn === null) return;
  context.fillStyle = you;
  context.fillRect(x(drawn) - 0.5, TOP, 2.5, room + 4);
  context.textAlign = "center";
  context.fillText(words, Math.max(half + peak, Math.min(width - half, x(drawn))), TOP - 6);
}

function paintSteps(context, probabilities, { x, y, colour }) {
  context.save();
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 });
  context.setLineDash([4, 3]);
  context.beginPath();
  probabilities.forEach((p, level) => {
    context.lineTo(x(level), y(p));
    context.lineTo(x(level + 1), y(p));
  });
  context.stroke();
  context.restore();
}

function ends(context, width, [left, right], bottom) {
  context.textAlign = "left";
  context.fillText(left, 0, bottom);
  context.textAlign = "right";
  context.fillText(right, width, bottom);
}

export const createDistribution = () => new Distribution();
