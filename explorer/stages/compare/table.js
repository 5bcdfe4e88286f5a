/** The table: what each family costs and gives, measured alike; any figure says where it comes from, below its row. */

import { Answered } from "../kit/ask/answered.js";
import { button, fill, h, isBrowsers, setText } from "../kit/base/dom.js";
import { createControls } from "../kit/panel/controls.js";
import { createSeen, dimAnswer, empty, fillPanel, onDemand } from "../kit/panel/parts.js";

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

class Table {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    this.chosen = { net: null, id: null };
    this.focused = "";
    this.declared = ctx.value().panels.table;
    this.answer = new Answered(ctx, this.declared.ask, () => ctx.refresh("trade"));
    this.controls = createControls(ctx, this.declared);
    this.grid = h("table", { class: "numbers trade", role: "grid", "aria-label": "The families, figure by figure" });
    this.grid.addEventListener("keydown", (event) => this.press(event));
    this.grid.addEventListener(
      "focusin",
      ({ target }) => this.rove(/** @type {HTMLElement} */ (target).dataset.cell ?? this.focused),
    );
    this.frame = h("div", { class: "trade-frame result" }, this.grid);
    this.frame.addEventListener("scroll", () => this.fade());
    new ResizeObserver(() => this.fade()).observe(this.frame);
    this.empty = empty();
    this.advice = h("p", { class: "advice", "aria-live": "polite" });
    this.open = h("div", { class: "row" });
    this.judge = h("p", { class: "note" });
    this.seen = createSeen();
    this.dims = [this.grid, this.advice];
    fill(ctx.main, this.empty, this.frame);
    const notes = ["marks", "ties"].map((name) => h("p", { class: "note" }, this.declared.says[name]));
    const how = onDemand("How it is judged", ...notes, this.judge);
    const choosing = h("div", { class: "choosing" }, this.controls.element, this.advice, this.open);
    fillPanel(ctx, choosing, this.seen.element, how);
  }

  sortBy(sort) {
    this.ctx.store.commit({ sort });
  }

  choose(chosen) {
    const isChosen = this.chosen.net === chosen.net && this.chosen.id === chosen.id;
    this.chosen = isChosen ? { net: null, id: null } : chosen;
    this.ctx.refresh("chosen");
  }

  /** Server's answer on the networks; null before it comes, and without networks. */
  get value() {
    return this.answer.value;
  }

  /** A column for each need, and the one that sorts; the others come on demand. */
  get columns() {
    const { all, sort } = this.ctx.store.get();
    const [[{ options }]] = this.declared.controls;
    const first = new Set([sort, ...options.map(([id]) => id)]);
    return this.value.columns.filter(({ id }) => all || first.has(id));
  }

  /** The rows in their order, in groups that may be compared: [{title, rows: [{net, title, cells: [cell]}]}]. */
  get groups() {
    const { rows, orders } = this.value;
    const { sort } = this.ctx.store.get();
    const plain = (id, cell) => ({ ...cell, id, note: id === sort ? "" : cell.note }); // its group has a title
    const rowOf = (net) => ({ ...rows[net], net, cells: this.columns.map(({ id }) => plain(id, rows[net].cells[id])) });
    return orders[sort].map(({ title, nets }) => ({ title, rows: nets.map(rowOf) }));
  }

  update(changed) {
    const nets = this.ctx.columns().map(({ net }) => net).sort();
    this.answer.want(nets.length ? { nets } : null);
    this.controls.update();
    this.show();
    if (["sort", "mode", "trade"].some((key) => changed.has(key))) this.bringSorted();
  }

  show() {
    const { value, answer } = this;
    this.empty.hidden = Boolean(value);
    this.frame.hidden = !value;
    this.empty.classList.toggle("awaited", answer.isPending);
    setText(this.empty, answer.key === "null" ? this.declared.says.none : this.declared.shows.waits);
    if (!value) return;
    dimAnswer({ dims: this.dims, numbers: null, seen: this.seen }, !answer.isCurrent);
    this.showTable();
    this.showAdvice();
    setText(this.judge, value.judge);
    this.seen(this.ctx.store.get().all ? value.use : "");
  }

  /** Scrolls the table, and not the page, until the column that sorts it is in view. */
  bringSorted() {
    const { frame } = this;
    const head = this.grid.querySelector("[aria-sort]");
    if (!head) return;
    const [name, { clientWidth, scrollLeft }] = [this.grid.querySelector("thead td").offsetWidth, frame];
    const [least, most] = [head.offsetLeft + head.offsetWidth - clientWidth, head.offsetLeft - name];
    frame.scrollLeft = Math.min(most, Math.max(least, scrollLeft));
  }

  showTable() {
    const isFocused = this.grid.contains(document.activeElement);
    const head = h("tr", {}, h("td"), this.columns.map((column) => this.headOf(column)));
    const rows = this.groups.flatMap(({ title, rows }) => [
      title && groupOf(title, this.columns.length + 1),
      ...rows.flatMap((row) => [this.rowOf(row), row.net === this.chosen.net && this.sourceOf(row)]),
    ]);
    this.grid.style.setProperty("--columns", this.columns.length);
    fill(this.grid, h("thead", {}, head), h("tbody", {}, rows.filter(Boolean)));
    this.rove(this.cell(this.focused) ? this.focused : this.first);
    if (isFocused) this.cell(this.focused)?.focus({ preventScroll: true });
    this.fade();
  }

  /** The first cell. */
  get first() {
    return `head ${this.value.columns[0].id}`;
  }

  cell(name) {
    return this.grid.querySelector(`[data-cell="${name}"]`);
  }

  /** Makes one cell the table's only stop of the Tab key. */
  rove(name) {
    this.cell(this.focused)?.setAttribute("tabindex", "-1");
    this.focused = name;
    this.cell(name)?.setAttribute("tabindex", "0");
  }

  /** Arrow keys go from cell to cell, Home and End to the ends of a row, Enter and Space choose. */
  press(event) {
    const { target, key } = event;
    if (!target.dataset.cell || isBrowsers(event)) return;
    if (key in KEYS || key === "Home" || key === "End") {
      const rows = [...this.grid.rows].map((row) => [...row.querySelectorAll("[data-cell]")]).filter((row) =>
        row.length
      );
      const i = rows.findIndex((row) => row.includes(target));
      const [down, right] = KEYS[key] ?? [0, key === "Home" ? -Infinity : Infinity];
      const row = rows[Math.min(rows.length - 1, Math.max(0, i + down))];
      row[Math.min(row.length - 1, Math.max(0, rows[i].indexOf(target) + right))].focus();
    } else if (target.tagName === "TD" && (key === "Enter" || key === " ")) target.click();
    else return;
    event.preventDefault();
  }

  /** Height of the table below its visible part: there it fades. */
  fade() {
    const { frame } = this;
    frame.style.setProperty("--below", `${frame.scrollHeight - frame.clientHeight - Math.ceil(frame.scrollTop)}px`);
  }

  headOf({ id, title, unit, better }) {
    const isSorted = this.ctx.store.get().sort === id;
    const text = `${title}${unit && `, ${unit}`}${better ? (better === "most" ? " ↑" : " ↓") : ""}`;
    const sort = button(text, () => this.sortBy(id), { kind: "sort" });
    if (better) sort.title = `${better === "most" ? "More" : "Less"} is better`;
    sort.dataset.cell = `head ${id}`;
    sort.setAttribute("tabindex", "-1");
    const order = better === "most" ? "descending" : "ascending";
    return h("th", { scope: "col", "aria-sort": isSorted ? order : null }, sort);
  }

  rowOf({ net, title, note, group, cells }) {
    const name = h(
      "th",
      { scope: "row", "data-group": group },
      title,
      h("span", { class: "pixels-note with-words" }, note),
    );
    return h("tr", {}, name, cells.map((cell) => this.cellOf(net, cell)));
  }

  cellOf(net, { id, text, says, note, best, marks }) {
    return h(
      "td",
      {
        class: `figure${best ? " is-best" : ""}${note ? " is-aside" : ""}`,
        title: note || null,
        tabindex: -1,
        "data-cell": `${net} ${id}`,
        "aria-selected": String(this.chosen.net === net && this.chosen.id === id),
        "aria-label": says,
        onclick: () => this.choose({ net, id }),
      },
      text === "–" ? h("span", { class: "sign", "data-sign": text }) : text,
      marks && marksOf(marks),
    );
  }

  /** Source of the chosen figure, in a row of its own below the family's. */
  sourceOf({ net, tab }) {
    const words = h("p", { "aria-live": "polite" }, this.value.rows[net].cells[this.chosen.id].source);
    const card = button(`The card of ${net}`, () => {
      globalThis.openTab(tab);
      globalThis.seek(`evidence-${net}`);
    });
    return h(
      "tr",
      { class: "source-row" },
      h("td", { colspan: this.columns.length + 1 }, h("div", { class: "source-words" }, words, card)),
    );
  }

  showAdvice() {
    const { words, open } = this.value.advice[this.ctx.store.get().sort] ?? { words: "", open: [] };
    setText(this.advice, words);
    const buttonOf = ([title, tab], i) =>
      button(`Open ${title}`, () => globalThis.openTab(tab), { kind: i ? "plain" : "primary" });
    fill(this.open, open.map(buttonOf));
  }

  hasResult() {
    return Boolean(this.value);
  }

  table() {
    return this.value?.table ? { name: `trade-off-${this.ctx.net().name}`, rows: this.value.table } : null;
  }
}

/** The title of a group of rows; it stays where the figures scroll. */
const groupOf = (title, colspan) =>
  h("tr", { class: "group-row" }, h("th", { scope: "rowgroup", colspan }, h("span", {}, title)));

/** A figure's place among those measured alike, and its interval. */
function marksOf([at, low, high]) {
  const place = (share) => `${(100 * share).toFixed(1)}%`;
  const style = `--at: ${place(at)}; --low: ${place(low)}; --wide: ${place(high - low)}`;
  return h("span", { class: "marks", "aria-hidden": "true", style });
}

export default {
  create: (ctx) => new Table(ctx),
};
