/** The table: what each family costs and gives, measured alike; any figure says where it comes from. */

import { button, fill, h, setText } from "../shared/dom.js";
import { createSeen, empty, segmented } from "../shared/parts.js";
import { advice, NEEDS } from "./advice.js";
import { provenance } from "./provenance.js";
import { bestIn, columnOf, COLUMNS, judged } from "./columns.js";
import { openTab } from "./open_tab.js";

const SIGNS = { exact: "= ", bound: "≤ " };
const NONE = "No card of this data set can be read.";
const NOTE = "Bold: the best of those that may be compared; a bound may be with none. Tap a figure for where it comes from. =: exact; ≤: a bound.";

class Table {
  constructor(ctx) {
    Object.assign(this, { ctx, chosen: { net: null, id: null }, need: NEEDS[0].id });
    this.frame = h("div", { class: "trade-frame", tabindex: 0, role: "region", "aria-label": "The families, figure by figure" });
    this.empty = empty(NONE);
    this.needs = segmented("What matters most?", NEEDS.map(({ id, title }) => [id, title]), (need) => this.choose({ need }));
    this.advice = h("p", { class: "advice", "aria-live": "polite" });
    this.open = h("div", { class: "row" });
    this.source = h("p", { "aria-live": "polite" });
    this.card = h("div", { class: "row" });
    this.seen = createSeen();
    fill(ctx.main, this.empty, this.frame, h("p", { class: "note" }, NOTE), this.seen.element);
    const choosing = h("div", { class: "choosing" }, h("h2", {}, "Choose a model: what matters most?"), this.needs, this.advice, this.open);
    const where = h("div", { class: "choosing" }, h("h2", {}, "Where the figure comes from"), this.source, this.card);
    fill(ctx.panel, h("div", { class: "mode-body" }, choosing, where));
  }

  choose(patch) {
    Object.assign(this, patch);
    this.ctx.refresh("chosen");
  }

  get families() {
    return this.ctx.families();
  }

  update() {
    const { families } = this;
    this.empty.hidden = families.length > 0;
    this.showTable(families);
    this.showAdvice(families);
    this.showSource(families);
    this.seen(useWords(families));
  }

  showTable(families) {
    const focused = this.frame.contains(document.activeElement) ? document.activeElement.dataset.cell : null;
    const best = COLUMNS.map((column) => bestIn(column, families));
    const head = h("tr", {}, h("td"), COLUMNS.map(({ title }) => h("th", { scope: "col" }, title)));
    const rows = families.map((family) => h("tr", {}, h("th", { scope: "row" }, family.title), COLUMNS.map((column, i) => this.cell(family, column, best[i].has(family)))));
    fill(this.frame, h("table", { class: "numbers trade" }, h("thead", {}, head), h("tbody", {}, rows)));
    if (focused) this.frame.querySelector(`[data-cell="${focused}"]`)?.focus();
  }

  cell(family, column, best) {
    const figure = column.read(family);
    const cannot = !figure && column.cannot?.(family);
    const text = figure ? `${SIGNS[figure.kind] ?? ""}${column.words(figure.value)}` : cannot ? "cannot" : "–";
    const chosen = this.chosen.net === family.net && this.chosen.id === column.id;
    const item = button(text, () => this.choose({ chosen: { net: family.net, id: column.id } }), { kind: best ? "figure is-best" : "figure", pressed: chosen });
    item.dataset.cell = `${family.net} ${column.id}`;
    item.setAttribute("aria-label", `${family.title}, ${column.title}: ${text}`);
    return h("td", {}, item);
  }

  showAdvice(families) {
    this.needs.set(this.need);
    const { words, family } = advice(this.need, families);
    setText(this.advice, words);
    fill(this.open, family && button(`Open the tab of ${family.title}`, () => openTab(family.tab), { kind: "primary" }));
  }

  showSource(families) {
    const family = families.find(({ net }) => net === this.chosen.net);
    setText(this.source, family ? provenance(family, columnOf(this.chosen.id)) : "Tap a figure in the table.");
    fill(this.card, family && button(`The card of ${family.net}`, () => openTab(family.tab, `evidence-${family.net}`)));
  }

  table() {
    const rows = this.families.map((family) => [family.net, ...COLUMNS.map((column) => column.read(family)?.value)]);
    return { name: `trade-off-${this.ctx.net().name}`, rows: [["network", ...COLUMNS.map(({ title }) => title)], ...rows] };
  }
}

/** What the samples of each family are good for: a classifier that learnt from them alone, beside one that learnt from real images. */
function useWords(families) {
  const column = columnOf("use");
  const known = families.filter((family) => column.read(family)).sort((a, b) => column.read(b).value - column.read(a).value);
  if (!known.length) return "";
  const floor = judged(known[0]).floor.use;
  const each = known.map((family) => `${column.words(column.read(family).value)} after those of ${family.title}`).join(", ");
  const real = floor === undefined ? "" : `, against ${column.words(floor)} after as many real images`;
  return `Use of samples: the share of test images that one fixed classifier gets right when it learnt from samples alone is ${each}${real}.`;
}

export default {
  id: "table",
  title: "The table",
  hint: "What each family costs and what it gives, measured alike; tap a figure for where it comes from",
  create: (ctx) => new Table(ctx),
};
