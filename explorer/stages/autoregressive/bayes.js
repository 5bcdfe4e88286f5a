/** The generative model as a classifier: Bayes' rule turns p(x | y) into p(y | x). */

import { find } from "../kit/shell/card.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { empty, numberTable } from "../kit/shell/parts.js";
import { contextOf } from "../kit/image/pixels.js";
import { share } from "./distribution.js";

const FONT = "13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const ROW = 36;
const HEAD = 24;
const NARROW = 480;
const CANNOT = "MADE was trained without labels: it knows p(x) but no p(x | y), so there is nothing that Bayes' " +
  "rule could turn round. The two PixelCNNs know the class.";

const equals = (p) => share(p).replace(/^([<>]?)/, (sign) => `p ${sign || "="} `);
const largest = (values) => values.indexOf(Math.max(...values));

export class Bayes {
  constructor(ctx) {
    this.ctx = ctx;
    this.canvas = h("canvas", { class: "bayes-bars", role: "img" });
    this.cannot = empty(CANNOT);
    this.main = h("div", { class: "bayes" }, this.cannot, this.canvas);
    this.tables = h("div");
    this.side = h("div", {}, this.tables);
    new ResizeObserver(() => this.draw()).observe(this.main);
  }

  show(answer) {
    this.answer = answer;
    const { posterior, classes, net } = answer;
    this.canvas.hidden = !posterior;
    this.cannot.hidden = Boolean(posterior);
    this.tables.replaceChildren();
    if (!posterior) return;
    this.tables.append(
      numberTable(
        "Every class",
        ["class", "log p(x | y), nats", "p(y | x)"],
        net.classes.map((name, y) => [name, num(classes[y]), share(posterior[y])]),
      ),
    );
    const shares = net.classes.map((name, y) => {
      return `${name} ${share(posterior[y])}${y === answer.label ? " (true class)" : ""}`;
    });
    this.canvas.setAttribute("aria-label", `p(y | x): ${shares.join(", ")}`);
    this.draw();
  }

  draw() {
    const width = this.main.clientWidth;
    if (!this.answer?.posterior || width === 0) return;
    const height = HEAD + ROW * this.answer.posterior.length;
    const context = contextOf(this.canvas, width, height);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    paintBars(context, this.answer, { width, height, colours: this.ctx.colours() });
  }

  words() {
    const { posterior, net, label, name } = this.answer;
    if (!posterior) return "";
    const best = largest(posterior);
    const found = `With every class as likely beforehand (1/10 each), ${name} is most probably ` +
      `${net.classes[best]}: ${equals(posterior[best])}. `;
    return `${found}${outcome(this.answer, best, label)} ${accuracy(net)}`;
  }

  hasResult() {
    return Boolean(this.answer.posterior);
  }

  picture() {
    return this.answer.posterior ? this.canvas : null;
  }

  table() {
    const { posterior, classes, net, request, label } = this.answer;
    if (!posterior) return null;
    const rows = net.classes.map((name, y) => [name, classes[y], posterior[y], y === label ? "true class" : ""]);
    return { name: `${request.net}-bayes`, rows: [["class", "log p(x | y), nats", "p(y | x)", ""], ...rows] };
  }
}

/** Whether that is right; of a picture that belongs to no class, that the bars add up all the same. */
function outcome({ net, posterior }, best, label) {
  if (label === null) return "None of the classes need be right: the ten always add up to 1, whatever the picture is.";
  return best === label
    ? "That is its true class."
    : `Its true class is ${net.classes[label]}, with ${equals(posterior[label])}.`;
}

function accuracy({ title, rows }) {
  const found = find(rows, "accuracy");
  if (!found) return "How often this classifier is right was not measured yet.";
  const { value, se, n } = found;
  return `On ${n.toLocaleString("en")} test images ${title} is right in ${num(100 * value)} ± ` +
    `${num(100 * se)} % (standard error), though nobody trained it to classify.`;
}

function paintBars(context, { posterior, net, label }, { width, height, colours }) {
  const names = width < NARROW ? 96 : 120;
  const values = 64;
  const room = width - names - values - 16;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  Object.assign(context, { font: FONT, textBaseline: "middle", fillStyle: colours.quiet, textAlign: "left" });
  context.fillText("p(y | x), every class as likely beforehand", 0, HEAD / 2, width);
  posterior.forEach((p, y) => {
    const middle = HEAD + ROW * (y + 0.5);
    context.textAlign = "right";
    context.fillStyle = colours.ink;
    context.fillText(net.classes[y], names - 8, middle, names - 10);
    context.fillStyle = colours.classes[y];
    context.fillRect(names, middle - 11, Math.max(1, room * p), 22);
    context.textAlign = "left";
    context.fillStyle = colours.ink;
    context.fillText(share(p), names + room + 8, middle);
    if (y === label) markTrue(context, { left: names, width: room, middle, colours, p });
  });
}

/** The true class: its row in a frame of the accent, with the word where it can be read. */
function markTrue(context, { left, width, middle, colours, p }) {
  Object.assign(context, { strokeStyle: colours.you, lineWidth: 2 });
  context.strokeRect(left, middle - 14, width, 28);
  const words = "true class";
  const inside = width * p > width - context.measureText(words).width - 24;
  context.fillStyle = colours.ground;
  if (inside) context.fillRect(left + 6, middle - 9, context.measureText(words).width + 12, 18);
  context.fillStyle = colours.you;
  context.fillText(words, inside ? left + 12 : left + width * p + 10, middle);
}
