/** What every loss came to at every setting: a table a loss, as recorded, whose cells choose what is played. */

import { button, h } from "../kit/shell/dom.js";
import { num, percent } from "../kit/shell/format.js";
import { numberTable } from "../kit/shell/parts.js";
import { rove } from "../kit/shell/rove.js";
import { mean } from "../kit/shell/sums.js";
import { sidesOf } from "./arena_paint.js";
import { MOST_APART } from "./game_words.js";
import { sampleOf } from "./losses.js";
import { cellWords, isCell, NAMES, rateWords } from "./race_words.js";

const TINT = 55; // per cent of the colour, where nothing is wrong

const unique = (values) => [...new Set(values)];

export class SettingsGrid {
  /** `grid` is what the card of the games says; `onChoose(settings)` is told of a cell. */
  constructor(grid, onChoose) {
    Object.assign(this, { grid, onChoose, cells: [], marks: [] });
    const tables = Object.entries(NAMES).map(([loss, name]) => this.table(loss, name));
    this.element = rove(h("div", { class: "grids result" }, tables));
  }

  table(loss, name) {
    const { cells } = this.grid;
    const columns = unique(cells.map(rateWords));
    const rows = unique(cells.map(({ dsteps }) => dsteps));
    const cellAt = (dsteps, rates) => cells.find((cell) => cell.dsteps === dsteps && rateWords(cell) === rates);
    const mark = h("span", { class: "arena-mark", "aria-hidden": "true" }, sampleOf(loss));
    this.marks.push({ loss, mark });
    const head = h("tr", {}, h("td"), columns.map((rates) => h("th", { scope: "col" }, rates)));
    const body = rows.map((dsteps) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, `${dsteps} D`),
        columns.map((rates) => h("td", {}, this.cell(cellAt(dsteps, rates), loss))),
      )
    );
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
    const { modes, divergence, settled } = cell.losses[loss];
    const words = cellWords(cell, loss, this.grid.of);
    const figures = [
      h("b", {}, num(mean(modes), 1)),
      h("span", { class: "with-numbers" }, `${num(mean(divergence))}${settled ? "" : "…"}`),
    ];
    const { dsteps, lrd, lrg } = cell;
    const element = button("", () => this.onChoose({ dsteps, lrd, lrg }), { title: words, pressed: false });
    element.append(...figures);
    element.setAttribute("aria-label", words);
    element.style.setProperty("--tint", `${Math.round(TINT * (1 - mean(divergence) / MOST_APART))}%`);
    this.cells.push({ cell, element });
    return element;
  }

  /** Marks the cell of a state, if there is one, and takes the colours of the data and of the losses. */
  mark({ data, spectral, gseed, ...settings }, colours) {
    this.element.style.setProperty("--near", sidesOf(colours).real);
    for (const { loss, mark } of this.marks) mark.style.color = colours[loss];
    const recorded = data === this.grid.data && !spectral && gseed === this.grid.seeds[0];
    for (const { cell, element } of this.cells) {
      element.setAttribute("aria-pressed", String(recorded && isCell(cell, settings)));
    }
  }
}

/** The same figures of points whose faults are known. */
export function baselineTable({ baselines, of }) {
  const names = { data: "the data", "one mode": "one mode alone", ring: "evenly on the ring" };
  const rows = Object.entries(names).map((
    [key, name],
  ) => [name, `${baselines[key].modes} of ${of}`, percent(baselines[key].near), num(baselines[key].divergence)]);
  return numberTable("The same figures of points whose faults are known", ["", "modes", "near", "divergence"], rows);
}

/** How long a game is played that does not settle. */
const roundsOf = (cells) =>
  Math.max(...cells.flatMap(({ losses }) => Object.values(losses).map(({ rounds }) => rounds)));

/** How to read the grid, and when it was recorded. */
export const gridWords = ({ recorded, torch, seeds, cells }) =>
  `In a cell: modes covered, and below them the divergence, both means of ${seeds.length} seeds; ` +
  "the darker, the nearer to the data. A mode is covered if at least half of its share of points " +
  `lies within 3σ. Each game was played for ${roundsOf(cells).toLocaleString("en")} rounds, or ` +
  "until its divergence settled; … marks those that had not. A divergence near 0.69, the largest " +
  `there is, does not tell whether a game has settled. Recorded on ${recorded}, torch ${torch}. ` +
  "Choose a cell to play it; any other setting is trained live.";
