/** Which features? Damages ranked by three kinds of features, side by side; lines that cross are rankings that flip. */

import { contextOf } from "../kit/image/pixels.js";
import { h, placeIn } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { paintLine } from "../kit/chart/chart.js";

const ROW = 38; // pixels
const HEAD = 34;
const FONT = "15px system-ui, sans-serif";
const SMALL = "13px system-ui, sans-serif";
const NARROW = 500; // pixels of width, below which only the chosen damage has its figure
const wideOf = (width) => (width < NARROW ? 0.29 : 0.24) * width; // for the names of a column

class Features extends PanelAnswer {
  waits = "Ten damages are measured with three kinds of features, which takes a few seconds.";

  constructor(ctx) {
    super(ctx, "features");
    this.canvas = h("canvas", { class: "chart movable", role: "application", tabindex: 0 });
    this.frame = h("div", { class: "result" }, this.canvas);
    new ResizeObserver(() => this.value && this.draw()).observe(this.frame);
    this.canvas.addEventListener("click", (event) => this.choose(this.rowAt(event)));
    this.open(this.frame);
  }

  /** Damages in the order of a column, the worst first. */
  orderOf({ over }) {
    return Object.keys(over).toSorted((a, b) => over[b] - over[a]);
  }

  rowAt(event) {
    const [x, y] = placeIn(this.canvas, event);
    const column = Math.min(2, Math.floor((3 * x) / this.frame.clientWidth));
    return this.orderOf(this.value.columns[column])[Math.floor((y - HEAD) / ROW)];
  }

  choose(damage) {
    if (damage) this.ctx.store.commit({ damage });
  }

  key({ key }) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!by || !this.value) return false;
    const order = this.orderOf(this.value.columns[0]);
    this.choose(order[order.indexOf(this.ctx.store.get().damage) + by]);
    return true;
  }

  draw() {
    const width = this.frame.clientWidth;
    if (!width) return;
    const orders = this.value.columns.map((column) => this.orderOf(column));
    const height = HEAD + ROW * orders[0].length;
    const context = contextOf(this.canvas, width, height);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    context.clearRect(0, 0, width, height);
    this.paintLines(context, orders, width);
    this.value.columns.forEach((column, i) => this.paintColumn(context, column, orders[i], i, width));
    const { damages } = this.ctx.value();
    const said = this.value.columns.map(({ title }, i) =>
      `${title}: ${orders[i].map((each) => damages[each]).join(", ")}`
    );
    this.canvas.setAttribute("aria-label", `Worst first. ${said.join(". ")}. Up and down choose a damage`);
  }

  /** The left edge of a column's names. */
  leftOf(column, width) {
    return (column * (width - wideOf(width))) / 2;
  }

  paintLines(context, orders, width) {
    const colours = this.ctx.colours();
    const chosen = this.ctx.store.get().damage;
    const middle = (order, damage) => HEAD + ROW * (order.indexOf(damage) + 0.5);
    for (const damage of orders[0].toSorted((a) => (a === chosen ? 1 : -1))) {
      for (const i of [0, 1]) {
        const from = [this.leftOf(i, width) + wideOf(width), middle(orders[i], damage)];
        const to = [this.leftOf(i + 1, width) - 6, middle(orders[i + 1], damage)];
        const isChosen = damage === chosen;
        paintLine(context, [from, to], {
          colour: isChosen ? colours.you : colours.line,
          width: isChosen ? 4 : 2,
        });
      }
    }
  }

  paintColumn(context, { title, over }, order, i, width) {
    const { ink, quiet, you } = this.ctx.colours();
    const { damages } = this.ctx.value();
    const chosen = this.ctx.store.get().damage;
    const left = this.leftOf(i, width);
    const most = wideOf(width);
    const isNarrow = width < NARROW;
    Object.assign(context, { font: SMALL, fillStyle: quiet, textAlign: "left" });
    context.fillText(title, left, 18, most);
    order.forEach((damage, rank) => {
      const y = HEAD + ROW * (rank + 0.5);
      Object.assign(context, {
        font: isNarrow ? SMALL : FONT,
        fillStyle: damage === chosen ? you : ink,
        textAlign: "left",
      });
      const figure = isNarrow && damage !== chosen ? "" : num(over[damage], isNarrow ? 0 : 1);
      const room = most - context.measureText(figure).width - 12;
      context.fillText(damages[damage], left, y + 5, room);
      Object.assign(context, { fillStyle: damage === chosen ? you : quiet, textAlign: "right" });
      context.fillText(figure, left + most - 4, y + 5);
    });
  }

  rows(value) {
    const { damages } = this.ctx.value();
    const of = value ? `of ${value.pairs}` : "";
    const chosen = this.ctx.store.get().damage;
    const rank = (column) => `${this.orderOf(column).indexOf(chosen) + 1}, ÷ floor ${num(column.over[chosen], 1)}`;
    return [
      ["pairs that pixels rank in another order", value ? String(value.flips.pixels.length) : "–", of],
      ["pairs that the autoencoder ranks so", value ? String(value.flips.autoencoder.length) : "–", of],
      ...[0, 1, 2].map((i) => [
        value ? `${damages[chosen]}, ${value.columns[i].title}: rank` : "rank",
        value ? rank(value.columns[i]) : "–",
        "",
      ]),
    ];
  }

  words({ words }) {
    return words;
  }

  update(changed) {
    super.update(changed);
    if (changed.has("damage") && this.value) this.draw();
  }

  picture() {
    return this.value && this.canvas;
  }

  table() {
    const { value } = this;
    const rows = value?.columns.flatMap(({ name, over }) => Object.entries(over).map((each) => [name, ...each]));
    return value && { name: "which-features", rows: [["features", "damage", "frechet_over_floor"], ...rows] };
  }
}

export default {
  hint: "Choose a damage: does it keep its rank when other features are looked at?",
  create: (ctx) => new Features(ctx),
};
