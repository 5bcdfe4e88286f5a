/**
 * Result of every loss at every setting: a table a loss, as recorded, whose cells choose the game to play.
 * At first each has one row: the settings at the learning rates of now.
 */

import { button, h } from "../kit/base/dom.js";
import { rove } from "../kit/base/rove.js";
import { colourOf, NAMES, sampleOf } from "./losses.js";

const TINT = 45; // per cent of the colour, where all modes are covered

const unique = (values) => [...new Set(values)];

/**
 * @typedef {{dsteps: number, lrd: number, lrg: number}} GameSettings
 * @typedef {GameSettings & {rates: string, losses: Record<string, any>}} Played a setting, with the result of every loss
 */

/** True if two settings are the same. @param {GameSettings} cell @param {GameSettings} settings */
const isCell = (cell, { dsteps, lrd, lrg }) => cell.dsteps === dsteps && cell.lrd === lrd && cell.lrg === lrg;

export class SettingsGrid {
  /**
   * `grid` is from the card of the games; `onChoose(settings)` gets the selected cell.
   * @param {{cells: Played[], data: string, seed: number}} grid @param {(settings: GameSettings) => void} onChoose
   */
  constructor(grid, onChoose) {
    this.grid = grid;
    this.onChoose = onChoose;
    /** @type {{cell: Played, element: HTMLElement}[]} */
    this.cells = [];
    /** @type {{loss: string, mark: HTMLElement}[]} */
    this.marks = [];
    /** @type {{rates: string, row: HTMLElement}[]} */
    this.rows = [];
    const tables = Object.entries(NAMES).map(([loss, name]) => this.table(loss, name));
    this.element = rove(h("div", { class: "grids result" }, tables));
  }

  table(loss, name) {
    const { cells } = this.grid;
    const rows = unique(cells.map(({ rates }) => rates));
    const columns = unique(cells.map(({ dsteps }) => dsteps));
    const cellAt = (dsteps, rates) => cells.find((cell) => cell.dsteps === dsteps && cell.rates === rates);
    const mark = h("span", { class: "arena-mark", "aria-hidden": "true" }, sampleOf(loss));
    this.marks.push({ loss, mark });
    const corner = h("td", { class: "with-numbers" }, "rates, 10⁻³");
    const head = h("tr", {}, corner, columns.map((dsteps) => h("th", { scope: "col" }, String(dsteps))));
    const body = rows.map((rates) => {
      const row = h(
        "tr",
        {},
        h("th", { scope: "row", class: "with-numbers" }, rates),
        columns.map((dsteps) => h("td", {}, this.cell(cellAt(dsteps, rates), loss))),
      );
      this.rows.push({ rates, row });
      return row;
    });
    return h(
      "table",
      { class: "grid", "aria-label": `${name}: D-steps a round by learning rates` },
      h("caption", {}, mark, name),
      h("thead", {}, head),
      h("tbody", {}, body),
    );
  }

  /** The figures of a cell as a button; nothing where these settings were not played. */
  cell(cell, loss) {
    if (!cell) return null;
    const { modes, divergence, share, words } = cell.losses[loss];
    const figures = [h("b", {}, modes), h("span", { class: "with-numbers" }, divergence)];
    const { dsteps, lrd, lrg } = cell;
    const element = button("", () => this.onChoose({ dsteps, lrd, lrg }), { title: words, pressed: false });
    element.append(...figures);
    element.setAttribute("aria-label", words);
    element.style.setProperty("--tint", `${Math.round(TINT * share)}%`);
    this.cells.push({ cell, element });
    return element;
  }

  /**
   * Marks the cell of a state, if there is one, and takes the colours of the theme.
   * @param {GameSettings & {data: string, spectral: boolean, gseed: number}} game @param {Colours} colours
   */
  mark({ data, spectral, gseed, ...settings }, colours) {
    this.element.style.setProperty("--covered", colours.ink);
    for (const { loss, mark } of this.marks) mark.style.color = colourOf(loss, colours);
    const { rates: current } = this.grid.cells.find((cell) => cell.lrd === settings.lrd && cell.lrg === settings.lrg) ??
      this.grid.cells[0];
    for (const { rates, row } of this.rows) row.classList.toggle("with-numbers", rates !== current);
    const recorded = data === this.grid.data && !spectral && gseed === this.grid.seed;
    for (const { cell, element } of this.cells) {
      element.setAttribute("aria-pressed", String(recorded && isCell(cell, settings)));
    }
  }
}
