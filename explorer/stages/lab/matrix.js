/** Which notices? Every damage against every metric, as recorded; each cell opens its case in Damage. */

import { fill, h } from "../kit/shell/dom.js";
import { percent } from "../kit/shell/format.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { rove } from "../kit/shell/rove.js";
import { LEGEND, SIGNS, worseWords } from "./verdicts.js";

const range = ([share, low, high]) => `${percent(share)} [${percent(low)}, ${percent(high)}]`;

class Matrix extends PanelAnswer {
  constructor(ctx) {
    super(ctx, "matrix");
    this.grid = rove(h("div", { class: "lab-matrix result" }));
    this.legend = h("p", { class: "lab-legend" }, LEGEND);
    this.open(h("div", {}, this.grid, this.legend));
  }

  draw({ cells }) {
    const { damages, metrics, quick } = this.ctx.value();
    const head = quick.map((name) => h("th", { scope: "col" }, h("span", {}, metrics[name].short)));
    const rowOf = (damage) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, damages[damage]),
        cells.filter((cell) => cell.damage === damage).map((cell) => h("td", {}, this.linkOf(cell))),
      );
    fill(
      this.grid,
      cells.length
        ? h("table", {}, h("thead", {}, h("tr", {}, h("td"), head)), h("tbody", {}, this.damages.map(rowOf)))
        : h("p", { class: "empty" }, "This data set was not measured yet."),
    );
  }

  /** A link to the case of a cell, which opens without leaving the stage. */
  linkOf(cell) {
    const { damages, metrics } = this.ctx.value();
    const { data, level } = this.ctx.store.get();
    const state = { mode: "damage", data, of: "damaged", damage: cell.damage, strength: level / 100 };
    const words =
      `${damages[cell.damage]}, ${metrics[cell.metric].title}: ${cell.verdict}, ${worseWords(cell.worse)}; ` +
      `notices ${range(cell.noticed)} of ${cell.n} sets, is fooled by ${range(cell.fooled)}`;
    const href = `?${new URLSearchParams({ tab: "lab", ...state })}`;
    const link = h(
      "a",
      { href, class: `lab-cell ${cell.verdict}`, title: words, "aria-label": words },
      SIGNS[cell.verdict],
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.ctx.store.commit(state);
    });
    return link;
  }

  /** The damages that were measured. */
  get damages() {
    return [...new Set(this.value.cells.map(({ damage }) => damage))];
  }

  countOf(verdict) {
    return this.value.cells.filter((cell) => cell.verdict === verdict).length;
  }

  rows(value) {
    const of = (verdict) => (value ? String(this.countOf(verdict)) : "–");
    const all = value ? `of ${value.cells.length}` : "";
    return [
      ["cells in which the metric notices", of("notices"), all],
      ["cells in which it is blind", of("blind"), all],
      ["cells in which it is fooled", of("fooled"), all],
      ["cells in which it notices at times", of("at times"), all],
    ];
  }

  words({ cells }) {
    if (!cells.length) return "";
    const { damages, metrics, quick } = this.ctx.value();
    const missed = (damage) => cells.filter((cell) => cell.damage === damage && cell.verdict !== "notices").length;
    const hardest = this.damages.reduce((a, b) => (missed(b) > missed(a) ? b : a));
    const best = quick.reduce((a, b) => (this.noticedBy(b) > this.noticedBy(a) ? b : a));
    return `“${damages[hardest]}” escapes more metrics than any other damage: ${missed(hardest)} of ` +
      `${quick.length} do not notice it. ` +
      `${metrics[best].title} notices most damages, ${this.noticedBy(best)} of ${this.damages.length}. ` +
      `Each cell was measured on ${cells[0].n} random sets; its label has the shares with 95 % intervals. ` +
      "A cell opens its case in Damage.";
  }

  noticedBy(metric) {
    return this.value.cells.filter((cell) => cell.metric === metric && cell.verdict === "notices").length;
  }

  table() {
    const { value } = this;
    const head = "damage,metric,verdict,worse_by_sd,noticed,low,high,fooled,low,high,sets".split(",");
    const line = (
      { damage, metric, verdict, worse, noticed, fooled, n },
    ) => [damage, metric, verdict, worse, ...noticed, ...fooled, n];
    return value && { name: "which-notices", rows: [head, ...value.cells.map(line)] };
  }
}

export default {
  hint: "Each cell opens its case: which damage does which metric notice?",
  create: (ctx) => new Matrix(ctx),
};
