/** The table: what each family costs and gives, measured alike; any figure says where it comes from, below its row. */

import { button, fill, h, setText } from "../kit/shell/dom.js";
import { listed, percent } from "../kit/shell/format.js";
import { createSeen, empty, fillPanel, segmented } from "../kit/shell/parts.js";
import { advice, NEEDS } from "./advice.js";
import { BOUNDS } from "../kit/chart/better.js";
import { bestIn, columnOf, COLUMNS, judged } from "./columns.js";
import { openTab } from "./open_tab.js";
import { provenance } from "./provenance.js";
import { paintTable } from "./table_picture.js";
import { useWords } from "./use_words.js";

const SIGNS = { exact: "= ", bound: "≤ ", estimate: "≈ " };
const NONE = "No card of this data set can be read.";
const NOTE = "Bold: measured to be better than another of the same pixels and test images, and none to be better; a " +
  "difference within two standard errors, or within 4.3 over two seeds, is a tie. Seeds are of " +
  `drawing: another training may differ by more. =: exact; ≤: a bound; ≈: an estimate. ${BOUNDS} Tap a figure for ` +
  "where it comes from.";

class Table {
  constructor(ctx) {
    Object.assign(this, { ctx, chosen: { net: null, id: null }, need: NEEDS[0].id });
    this.frame = h("div", {
      class: "trade-frame",
      tabindex: 0,
      role: "region",
      "aria-label": "The families, figure by figure",
    });
    this.frame.addEventListener("scroll", () => this.fade());
    new ResizeObserver(() => this.fade()).observe(this.frame);
    this.empty = empty(NONE);
    this.needs = segmented(
      "What matters most?",
      NEEDS.map(({ id, title }) => [id, title]),
      (need) => this.choose({ need }),
    );
    this.advice = h("p", { class: "advice", "aria-live": "polite" });
    this.open = h("div", { class: "row" });
    this.judge = h("p", { class: "note" });
    this.seen = createSeen();
    fill(ctx.main, this.empty, this.frame, h("p", { class: "note" }, NOTE), this.judge);
    const choosing = h(
      "div",
      { class: "choosing" },
      h("h2", {}, "Choose a model: what matters most?"),
      this.needs,
      this.advice,
      this.open,
    );
    fillPanel(ctx, choosing, this.seen.element);
  }

  choose(patch) {
    Object.assign(this, patch);
    this.ctx.refresh("chosen");
  }

  get families() {
    return this.ctx.columns();
  }

  update() {
    const { families } = this;
    this.empty.hidden = families.length > 0;
    this.showTable(families);
    this.showAdvice(families);
    setText(this.judge, judgeWords(families));
    this.seen(useWords(families));
  }

  showTable(families) {
    const focused = this.frame.contains(document.activeElement) ? document.activeElement.dataset.cell : null;
    const head = h("tr", {}, h("td"), COLUMNS.map(({ title }) => h("th", { scope: "col" }, title)));
    const rows = rowsOf(families).flatMap((
      { family, cells },
    ) => [this.rowOf(family, cells), family.net === this.chosen.net && this.sourceOf(family)]);
    fill(
      this.frame,
      h("table", { class: "numbers trade" }, h("thead", {}, head), h("tbody", {}, rows.filter(Boolean))),
    );
    if (focused) this.frame.querySelector(`[data-cell="${focused}"]`)?.focus();
    this.fade();
  }

  /** How much of the table is below what is seen of it: there it fades. */
  fade() {
    const { frame } = this;
    frame.style.setProperty("--below", `${frame.scrollHeight - frame.clientHeight - Math.ceil(frame.scrollTop)}px`);
  }

  rowOf(family, cells) {
    const name = h("th", { scope: "row" }, family.title, h("span", { class: "pixels-note" }, latents(family)));
    return h("tr", {}, name, cells.map((cell) => h("td", {}, this.figureOf(family, cell))));
  }

  figureOf({ net, title }, { column, text, notes, best }) {
    const pressed = this.chosen.net === net && this.chosen.id === column.id;
    const chosen = pressed ? { net: null, id: null } : { net, id: column.id };
    const item = button(text, () => this.choose({ chosen }), { kind: best ? "figure is-best" : "figure", pressed });
    item.append(...notes.map((note) => h("span", { class: "pixels-note" }, note)));
    item.dataset.cell = `${net} ${column.id}`;
    item.setAttribute(
      "aria-label",
      `${[`${title}, ${column.title}: ${text}`, ...notes].join(", ")}${best ? "; the best, or a tie with it" : ""}`,
    );
    return item;
  }

  /** Where the chosen figure comes from, in a row of its own below the family's. */
  sourceOf(family) {
    const words = h("p", { "aria-live": "polite" }, provenance(family, columnOf(this.chosen.id)));
    const card = button(`The card of ${family.net}`, () => openTab(family.tab, `evidence-${family.net}`));
    return h(
      "tr",
      { class: "source-row" },
      h("td", { colspan: COLUMNS.length + 1 }, h("div", { class: "source-words" }, words, card)),
    );
  }

  showAdvice(families) {
    this.needs.set(this.need);
    const { words, families: best } = advice(this.need, families);
    setText(this.advice, words);
    fill(
      this.open,
      best.map(({ tab, title }, i) =>
        button(`Open the tab of ${title}`, () => openTab(tab), { kind: i ? "plain" : "primary" })
      ),
    );
  }

  hasResult() {
    return this.families.length > 0;
  }

  picture() {
    const { families } = this;
    return families.length ? paintTable(rowsOf(families), this.ctx) : null;
  }

  table() {
    const figure = (family, { id, read }) => [family.net, id, read(family)];
    const rows = this.families.flatMap((family) => COLUMNS.map((column) => figure(family, column))).filter((
      [, , found],
    ) => found);
    const line = (
      net,
      id,
      found,
    ) => [
      net,
      columnOf(id).title,
      found.value,
      found.se,
      found.kind,
      found.pixels ?? found.space,
      found.setting ?? found.way,
      found.floor,
      found.n,
    ];
    const lines = rows.flatMap(([net, id, found]) =>
      [found, ...(found.others ?? [])].map((each) => line(net, id, each))
    );
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

/** What stands in the table: {family, cells: [{column, text, notes, best}]}. */
function rowsOf(families) {
  const best = COLUMNS.map((column) => bestIn(column, families));
  const most = Math.max(...families.map(({ card }) => card.nll?.n ?? 0));
  return families.map((family) => ({
    family,
    cells: COLUMNS.map((column, i) => ({ column, best: best[i].has(family), ...cellOf(family, column, most) })),
  }));
}

/** Number of test images where other families have more, and the figures of others on these same images. */
function imagesNotes({ n, beside = [] }, most, words) {
  if (n >= most) return [];
  return [
    `${n.toLocaleString("en")} test images`,
    ...beside.map(({ title, kind, value }) =>
      `there ${title}: ${SIGNS[kind]}${words(value)}`.replaceAll(" ", "\u00a0")
    ),
  ];
}

/** A figure as it is shown, and below it of which pixels it is, what it is of others, and what others published. */
function cellOf(family, column, most) {
  const figure = column.read(family);
  if (!figure) return { text: column.cannot?.(family) ? "cannot" : "–", notes: [] };
  const words = (each) => `${each.pixels} ${column.words(each.value).replace(" ", "\u00a0")}`;
  const { published } = family.card;
  const notes = [
    [figure.pixels, figure.setting?.replaceAll(" ", "\u00a0")].filter(Boolean).join(", "),
    figure.setting && `${figure.n.toLocaleString("en")}\u00a0images`,
    ...(figure.others ?? []).map(words),
    ...(column.id === "likelihood" ? imagesNotes(figure, most, column.words) : []),
    column.id === "likelihood" && published && `${published.name}: ≤\u00a0${column.words(published.value)}`,
  ];
  return { text: `${SIGNS[figure.kind] ?? ""}${column.words(figure.value)}`, notes: notes.filter(Boolean) };
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
  hint: "What each family costs and what it gives, measured alike; tap a figure for where it comes from",
  create: (ctx) => new Table(ctx),
};
