/** The table: what each family costs and gives, measured alike; any figure says where it comes from, below its row. */

import { askedAnswers } from "../kit/ask/asked.js";
import { button, fill, h, isBrowsers } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { dimAnswer, fillPanel, onDemand } from "../kit/panel/parts.js";

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const NONE = { net: null, id: null };

function table(self) {
  const { ctx, given, state, declared, seen, visits } = self;
  const nets = computed(() => ctx.columns().map(({ net }) => net).sort());
  const { value, isCurrent, isPending } = askedAnswers(
    self,
    declared.ask,
    () => nets.value.length ? { nets: nets.value } : null,
  );
  const chosen = signal(NONE); // the figure whose source is shown
  const choose = ({ net, id }) => {
    chosen.value = chosen.value.net === net && chosen.value.id === id ? NONE : { net, id };
  };

  /** A column for each need, and the one that sorts; the others come on demand. */
  const columns = computed(() => {
    const [[{ options }]] = declared.controls;
    const first = new Set([state.sort, ...options.map(([id]) => id)]);
    return value.value.columns.filter(({ id }) => state.all || first.has(id));
  });
  /** The rows in their order, in groups that may be compared: [{title, rows: [{net, title, cells: [cell]}]}]. */
  const groups = computed(() => {
    const { rows, orders } = value.value;
    const { sort } = state;
    const plain = (id, cell) => ({ ...cell, id, note: id === sort ? "" : cell.note }); // its group has a title
    const cellsOf = (net) => columns.value.map(({ id }) => plain(id, rows[net].cells[id]));
    return orders[sort].map(({ title, nets }) => ({
      title,
      rows: nets.map((net) => ({ ...rows[net], net, cells: cellsOf(net) })),
    }));
  });

  const grid = h("table", { class: "numbers trade", role: "grid", "aria-label": "The families, figure by figure" });
  const cells = createRoving(grid);
  const frame = h("div", { class: "trade-frame result", hidden: () => !value.value }, grid);
  /** Height of the table below its visible part: there it fades. */
  const fade = () =>
    frame.style.setProperty("--below", `${frame.scrollHeight - frame.clientHeight - Math.ceil(frame.scrollTop)}px`);
  frame.addEventListener("scroll", fade);
  new ResizeObserver(fade).observe(frame);
  whenever(() => {
    if (!value.value) return;
    const width = columns.value.length + 1;
    const sortBy = (sort) => ctx.store.commit({ sort });
    const head = h("tr", {}, h("td"), columns.value.map((column) => headOf(column, state.sort, sortBy)));
    const { net: open, id } = chosen.value;
    const sourceOf = ({ net, tab }) => sourceRow(value.value.rows[net].cells[id].source, { net, tab, width });
    const rows = groups.value.flatMap(({ title, rows }) => [
      title && groupOf(title, width),
      ...rows.flatMap((row) => [rowOf(row, chosen.value, choose), row.net === open && sourceOf(row)]),
    ]);
    grid.style.setProperty("--columns", `${width - 1}`);
    cells.keeping(
      `head ${value.value.columns[0].id}`,
      () => fill(grid, h("thead", {}, head), h("tbody", {}, rows.filter(Boolean))),
    );
    fade();
  });
  whenever(() => {
    if (value.value && visits.value && state.sort) bringSorted(frame, grid);
  });

  const lacks = () => (nets.value.length ? declared.shows.waits : declared.says.none);
  const emptyClass = () => (isPending.value ? "empty awaited" : "empty");
  const empty = h("p", { class: emptyClass, hidden: () => Boolean(value.value) }, lacks);
  const advised = () => value.value?.advice[state.sort] ?? { words: "", open: [] };
  const advice = h("p", { class: "advice", "aria-live": "polite" }, () => advised().words);
  const doors = h("div", { class: "row" });
  whenever(() =>
    fill(
      doors,
      advised().open.map(([title, tab], i) =>
        button(`Open ${title}`, () => openTab(tab), { kind: i ? "plain" : "primary" })
      ),
    )
  );
  const judge = h("p", { class: "note" }, () => value.value?.judge ?? "");
  whenever(() => dimAnswer({ dims: [grid, advice], seen }, value.value && !isCurrent.value));
  whenever(() => seen(value.value && state.all ? value.value.use : ""));
  return {
    main: [empty, frame],
    panel(controls) {
      const notes = ["marks", "ties"].map((name) => h("p", { class: "note" }, declared.says[name]));
      const choosing = h("div", { class: "choosing" }, controls, advice, doors);
      fillPanel(ctx, choosing, seen.element, onDemand("How it is judged", ...notes, judge));
    },
    ...{ value, isCurrent },
    hasResult: () => value.value !== null,
    table: () => value.value?.table ? { name: `trade-off-${given.net().name}`, rows: value.value.table } : null,
  };
}

/** Arrow keys go from cell to cell, Home and End to the ends of a row, Enter and Space choose; Tab stops at one cell. */
function createRoving(grid) {
  let focused = "";
  const cell = (name) => grid.querySelector(`[data-cell="${name}"]`);
  function rove(name) {
    cell(focused)?.setAttribute("tabindex", -1);
    focused = name;
    cell(name)?.setAttribute("tabindex", 0);
  }
  grid.addEventListener("focusin", ({ target }) => rove(target.dataset.cell ?? focused));
  grid.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!target.dataset.cell || isBrowsers(event)) return;
    if (key in KEYS || key === "Home" || key === "End") {
      const cells = [...grid.rows].map((row) => [...row.querySelectorAll("[data-cell]")]);
      const rows = cells.filter((row) => row.length);
      const i = rows.findIndex((row) => row.includes(target));
      const [down, right] = KEYS[key] ?? [0, key === "Home" ? -Infinity : Infinity];
      const row = rows[Math.min(rows.length - 1, Math.max(0, i + down))];
      row[Math.min(row.length - 1, Math.max(0, rows[i].indexOf(target) + right))].focus();
    } else if (target.tagName === "TD" && (key === "Enter" || key === " ")) target.click();
    else return;
    event.preventDefault();
  });

  /** Has `work` replace the cells; the focus stays, and `first` is where Tab stops until another cell has had it. */
  function keeping(first, work) {
    const isFocused = grid.contains(document.activeElement);
    work();
    rove(cell(focused) ? focused : first);
    if (isFocused) cell(focused)?.focus({ preventScroll: true });
  }
  return { keeping };
}

/** Scrolls the table, and not the page, until the column that sorts it is in view. */
function bringSorted(frame, grid) {
  const head = grid.querySelector("[aria-sort]");
  if (!head) return;
  const [name, { clientWidth, scrollLeft }] = [grid.querySelector("thead td").offsetWidth, frame];
  const [least, most] = [head.offsetLeft + head.offsetWidth - clientWidth, head.offsetLeft - name];
  frame.scrollLeft = Math.min(most, Math.max(least, scrollLeft));
}

function headOf({ id, title, unit, better }, sorts, sortBy) {
  const text = `${title}${unit && `, ${unit}`}${better ? (better === "most" ? " ↑" : " ↓") : ""}`;
  const sort = button(text, () => sortBy(id), { kind: "sort" });
  if (better) sort.title = `${better === "most" ? "More" : "Less"} is better`;
  sort.dataset.cell = `head ${id}`;
  sort.tabIndex = -1;
  const order = better === "most" ? "descending" : "ascending";
  return h("th", { scope: "col", "aria-sort": sorts === id ? order : null }, sort);
}

function rowOf({ net, title, note, group, cells }, chosen, choose) {
  const aside = h("span", { class: "pixels-note with-words" }, note);
  const name = h("th", { scope: "row", "data-group": group }, title, aside);
  const isChosen = (id) => chosen.net === net && chosen.id === id;
  return h("tr", {}, name, cells.map((cell) => cellOf(net, cell, isChosen(cell.id), choose)));
}

function cellOf(net, { id, text, says, note, best, marks }, isChosen, choose) {
  return h(
    "td",
    {
      class: `figure${best ? " is-best" : ""}${note ? " is-aside" : ""}`,
      title: note || null,
      tabindex: -1,
      "data-cell": `${net} ${id}`,
      "aria-selected": String(isChosen),
      "aria-label": says,
      onclick: () => choose({ net, id }),
    },
    text === "–" ? h("span", { class: "sign", "data-sign": text }) : text,
    marks && marksOf(marks),
  );
}

/** Source of the chosen figure, in a row of its own below the family's. */
function sourceRow(source, { net, tab, width }) {
  const words = h("p", { "aria-live": "polite" }, source);
  const card = button(`The card of ${net}`, () => {
    globalThis.openTab(tab);
    globalThis.seek(`evidence-${net}`);
  });
  const cell = h("td", { colspan: width }, h("div", { class: "source-words" }, words, card));
  return h("tr", { class: "source-row" }, cell);
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

export default mode(table);
