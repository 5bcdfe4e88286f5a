/** The table: what each family costs and gives, measured alike; any figure says where it comes from, below its row. */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { listed, percent } from "../kit/shell/format.js";
import { createSeen, empty, fillPanel, onDemand, segmented } from "../kit/shell/parts.js";
import { BOUNDS } from "../kit/chart/better.js";
import { advice, NEEDS } from "./advice.js";
import { columnOf, COLUMNS, FIRST, judged } from "./columns.js";
import { provenance } from "./provenance.js";
import { paintTable } from "./table_picture.js";
import { groupsOf } from "./table_rows.js";
import { useWords } from "./use_words.js";

const NONE = "No card of this data set can be read.";
const NOTE = "= exact, ≤ bound, ≈ estimate, ∅ cannot";
const TIES =
  "The best, or a tie with it, is bold. A figure is bold when it is measured to be better than another of the same " +
  "pixels and test images, and none is measured to be better. A difference within two standard errors, or within 4.3 " +
  "over two seeds, is a tie. The line under a figure is its interval: two standard errors on each side, or the range over the seeds. Seeds are " +
  `of drawing: another training may differ by more. ${BOUNDS}`;
const UNIT = " %";
const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** A figure without its unit, which stands in the head of its column. */
const unitless = (text) => text.replace(UNIT, "");

class Table {
  constructor(ctx) {
    Object.assign(this, { ctx, chosen: { net: null, id: null }, focused: `head ${FIRST[0].id}` });
    this.grid = h("table", { class: "numbers trade", role: "grid", "aria-label": "The families, figure by figure" });
    this.grid.addEventListener("keydown", (event) => this.press(event));
    this.grid.addEventListener("focusin", ({ target }) => this.rove(target.dataset.cell ?? this.focused));
    this.frame = h("div", { class: "trade-frame" }, this.grid);
    this.frame.addEventListener("scroll", () => this.fade());
    new ResizeObserver(() => this.fade()).observe(this.frame);
    this.empty = empty(NONE);
    this.needs = segmented(
      "What matters most?",
      NEEDS.map(({ column, title }) => [column, title]),
      (sort) => this.sortBy(sort),
    );
    this.advice = h("p", { class: "advice", "aria-live": "polite" });
    this.open = h("div", { class: "row" });
    this.all = button("All columns", () => ctx.store.commit({ all: !ctx.store.get().all }), {
      pressed: false,
    });
    this.judge = h("p", { class: "note" });
    this.seen = createSeen();
    const under = h("div", { class: "trade-under" }, h("p", { class: "note with-words" }, NOTE), this.all);
    fill(ctx.main, this.empty, this.frame, under);
    const choosing = h(
      "div",
      { class: "choosing" },
      h("h2", {}, "What matters most?"),
      this.needs,
      this.advice,
      this.open,
    );
    fillPanel(
      ctx,
      choosing,
      this.seen.element,
      onDemand("How it is judged", h("p", { class: "note" }, TIES), this.judge),
    );
  }

  sortBy(sort) {
    this.ctx.store.commit({ sort });
  }

  choose(chosen) {
    const isChosen = this.chosen.net === chosen.net && this.chosen.id === chosen.id;
    this.chosen = isChosen ? { net: null, id: null } : chosen;
    this.ctx.refresh("chosen");
  }

  get families() {
    return this.ctx.columns();
  }

  get columns() {
    return this.ctx.store.get().all ? COLUMNS : FIRST;
  }

  get groups() {
    return groupsOf(this.ctx.store.get().sort, this.families, this.columns);
  }

  update(changed) {
    const { families } = this;
    this.empty.hidden = families.length > 0;
    this.all.setAttribute("aria-pressed", String(this.ctx.store.get().all));
    this.showTable();
    this.showAdvice(families);
    setText(this.judge, judgeWords(families));
    this.seen(this.ctx.store.get().all ? useWords(families) : "");
    if (changed.has("sort") || changed.has("mode")) this.bringSorted();
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
      ...rows.flatMap(({ family, cells }) => [
        this.rowOf(family, cells),
        family.net === this.chosen.net && this.sourceOf(family),
      ]),
    ]);
    this.grid.style.setProperty("--columns", this.columns.length);
    fill(this.grid, h("thead", {}, head), h("tbody", {}, rows.filter(Boolean)));
    this.rove(this.cell(this.focused) ? this.focused : `head ${FIRST[0].id}`);
    if (isFocused) this.cell(this.focused)?.focus({ preventScroll: true });
    this.fade();
  }

  cell(name) {
    return this.grid.querySelector(`[data-cell="${name}"]`);
  }

  /** Makes one cell the table's only stop of the Tab key. */
  rove(name) {
    this.cell(this.focused)?.setAttribute("tabindex", -1);
    this.focused = name;
    this.cell(name)?.setAttribute("tabindex", 0);
  }

  /** Arrow keys go from cell to cell, Home and End to the ends of a row, Enter and Space choose. */
  press(event) {
    const { target, key } = event;
    if (!target.dataset.cell) return;
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

  /** How much of the table is below what is seen of it: there it fades. */
  fade() {
    const { frame } = this;
    frame.style.setProperty("--below", `${frame.scrollHeight - frame.clientHeight - Math.ceil(frame.scrollTop)}px`);
  }

  headOf({ id, title, unit, better }) {
    const isSorted = this.ctx.store.get().sort === id;
    const arrow = better === "most" ? "↓" : "↑";
    const sort = button(
      [title, unit && `, ${unit}`, isSorted && ` ${arrow}`].filter(Boolean).join(""),
      () => this.sortBy(id),
      { kind: "sort" },
    );
    sort.append(h("span", { class: "pixels-note with-words" }, better ? `best: ${better}` : ""));
    Object.assign(sort.dataset, { cell: `head ${id}` });
    sort.setAttribute("tabindex", -1);
    return h(
      "th",
      { scope: "col", "aria-sort": isSorted ? (better === "most" ? "descending" : "ascending") : null },
      sort,
    );
  }

  rowOf(family, cells) {
    const name = h("th", { scope: "row" }, family.title, h("span", { class: "pixels-note" }, latents(family)));
    return h("tr", {}, name, cells.map((cell) => this.cellOf(family, cell)));
  }

  cellOf({ net, title }, { column, text, note, best, marks }) {
    const words = [
      `${title}, ${column.title}: ${{ "∅": "cannot", "–": "not measured" }[text] ?? text}`,
      note,
      best && "the best, or a tie with it",
    ];
    return h(
      "td",
      {
        class: best ? "figure is-best" : "figure",
        tabindex: -1,
        "data-cell": `${net} ${column.id}`,
        "aria-selected": String(this.chosen.net === net && this.chosen.id === column.id),
        "aria-label": words.filter(Boolean).join(", "),
        onclick: () => this.choose({ net, id: column.id }),
      },
      text === "–" ? h("span", { class: "sign", "data-sign": text }) : unitless(text),
      marks && marksOf(marks),
      note && h("span", { class: "pixels-note" }, note),
    );
  }

  /** Where the chosen figure comes from, in a row of its own below the family's. */
  sourceOf(family) {
    const words = h("p", { "aria-live": "polite" }, provenance(family, columnOf(this.chosen.id)));
    const card = button(`The card of ${family.net}`, () => {
      globalThis.openTab(family.tab);
      globalThis.seek(`evidence-${family.net}`);
    });
    return h(
      "tr",
      { class: "source-row" },
      h("td", { colspan: this.columns.length + 1 }, h("div", { class: "source-words" }, words, card)),
    );
  }

  showAdvice(families) {
    const { sort } = this.ctx.store.get();
    const need = NEEDS.find(({ column }) => column === sort);
    this.needs.set(sort);
    const { words, families: best } = need ? advice(need.id, families) : { words: "", families: [] };
    setText(this.advice, words);
    fill(
      this.open,
      best.map(({ tab, title }, i) => button(`Open ${title}`, () => openTab(tab), { kind: i ? "plain" : "primary" })),
    );
  }

  hasResult() {
    return this.families.length > 0;
  }

  picture() {
    return this.families.length ? paintTable(this.groups, this.columns, this.ctx) : null;
  }

  table() {
    const lineOf = (family, { title, read }) => {
      const found = read(family);
      return found
        ? [found, ...(found.others ?? [])].map((
          { value, se, kind, pixels, space, setting, way, floor, n },
        ) => [family.net, title, value, se, kind, pixels ?? space, setting ?? way, floor, n])
        : [];
    };
    const lines = this.families.flatMap((family) => COLUMNS.flatMap((column) => lineOf(family, column)));
    if (!lines.length) return null;
    return {
      name: `trade-off-${this.ctx.net().name}`,
      rows: [
        ["network", "figure", "value", "standard error", "kind", "pixels", "setting", "training images", "images"],
        ...lines,
      ],
    };
  }
}

/** The title of a group of rows; it stays where the figures scroll. */
const groupOf = (title, colspan) =>
  h("tr", { class: "group-row" }, h("th", { scope: "rowgroup", colspan }, h("span", {}, title)));

/** A figure's place among those measured alike, and its interval. */
function marksOf({ at, interval: [low, high] }) {
  const place = (share) => `${(100 * share).toFixed(1)}%`;
  const style = `--at: ${place(at)}; --low: ${place(low)}; --wide: ${place(high - low)}`;
  return h("span", { class: "marks", "aria-hidden": "true", style });
}

/** How many latents a family has, where its name does not say so. */
const latents = ({ latent, title }) => (latent && !title.includes("latent") ? `${latent} latents` : "");

/** How far the classifier that judges can be trusted, on real images of the same pixels. */
function judgeWords(families) {
  const blocks = families.flatMap((family) => judged(family)).filter(({ floor }) => floor.accuracy !== undefined);
  const each = [
    ...new Map(
      blocks.map((
        { pixels, floor },
      ) => [pixels, `on ${percent(floor.accuracy, 1)} of the real training images ${pixels}`]),
    ).values(),
  ];
  return each.length
    ? `The classifier that judges was trained on grey images. It is right ${listed(each)}: where it is ` +
      "wrong on real images, its figures say little."
    : "";
}

export default {
  hint: "Tap a figure for its source",
  create: (ctx) => new Table(ctx),
};
