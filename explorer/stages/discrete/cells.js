/** Sixteen pixels to look at and to choose one of: black, white or masked, or how likely each is white. */

import { contextOf } from "../kit/image/pixels.js";
import { fill, h } from "../kit/shell/dom.js";
import { CELLS, MASKED, SIDE } from "./markov.js";

const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE };
const NAMES = ["black", "white", "masked"];

/** A pixel as a visitor counts: from one. */
export const placeOf = (cell) => `row ${Math.floor(cell / SIDE) + 1}, column ${(cell % SIDE) + 1}`;

export const nameOf = (state) => NAMES[state];

/** A probability in a small cell: .07, and 1 only where it is certain. */
const short = (p) => {
  if (p === 0 || p === 1) return String(p);
  return Math.min(0.99, Math.max(0.01, p)).toFixed(2).slice(1);
};

const grey = (level) => `rgb(${[0, 1, 2].map(() => Math.round(255 * level)).join(" ")})`;

export class Cells {
  /** `onChoose(cell)` is told of the pixel that is chosen; `colours()` gives those of the theme. */
  constructor(label, onChoose, colours) {
    Object.assign(this, { label, onChoose, colours, chosen: 0, values: null });
    this.canvas = h("canvas", { class: "cells-picture", "aria-hidden": "true" });
    this.buttons = Array.from(
      { length: CELLS },
      (_, cell) => h("button", { type: "button", class: "cell", onclick: () => onChoose(cell) }),
    );
    this.element = h("div", { class: "cells", role: "group", "aria-label": label }, this.canvas, this.buttons);
    new ResizeObserver(() => this.draw()).observe(this.element);
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const next = this.chosen + (MOVES[event.key] ?? NaN);
    if (!(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const sideways = Math.abs(MOVES[event.key]) === 1;
    const inRow = Math.floor(next / SIDE) === Math.floor(this.chosen / SIDE);
    if (next < 0 || next >= CELLS || (sideways && !inRow)) return;
    this.onChoose(next);
    this.buttons[next].focus();
  }

  /** `values` are states, or probabilities of white where `soft`. */
  show(values, chosen, { soft = false } = {}) {
    this.chosen = chosen;
    this.values = { values, soft };
    this.buttons.forEach((each, cell) => {
      const value = values[cell];
      each.setAttribute("aria-label", `${placeOf(cell)}: ${soft ? `white with ${short(value)}` : nameOf(value)}`);
      each.setAttribute("aria-pressed", String(cell === chosen));
      each.tabIndex = cell === chosen ? 0 : -1;
    });
    this.draw();
  }

  draw() {
    const size = this.element.clientWidth;
    if (!size || !this.values) return;
    paintCells(contextOf(this.canvas, size, size), this.values, { left: 0, top: 0, size, colours: this.colours() });
  }
}

/** Paints sixteen values from a corner on, `size` wide. */
export function paintCells(context, { values, soft }, { left, top, size, colours }) {
  const side = size / SIDE;
  Object.assign(context, { font: `${Math.round(side / 3)}px ui-monospace, monospace`, textAlign: "center" });
  context.textBaseline = "middle";
  values.forEach((value, cell) => {
    const [x, y] = [left + (cell % SIDE) * side, top + Math.floor(cell / SIDE) * side];
    const masked = !soft && value === MASKED;
    context.fillStyle = masked ? colours.line : grey(value);
    context.fillRect(x, y, side, side);
    Object.assign(context, { strokeStyle: colours.quiet, lineWidth: 1 });
    context.strokeRect(x, y, side, side);
    context.fillStyle = masked ? colours.ink : value > 0.45 ? "#000" : "#fff";
    if (masked || soft) context.fillText(masked ? "?" : short(value), x + side / 2, y + side / 2);
  });
}

/** A matrix as a table, with names of the states before its rows and above its columns; one row may be marked. */
export function matrixTable(title, rows, names, marked = null) {
  const head = h("tr", {}, h("td"), names.map((name) => h("th", { scope: "col" }, name)));
  const line = (row, i) =>
    h(
      "tr",
      { class: i === marked ? "marked" : null },
      h("th", { scope: "row" }, names[i]),
      row.map((value) => h("td", {}, value.toFixed(3))),
    );
  return h(
    "table",
    { class: "numbers matrix", "aria-label": title },
    h("thead", {}, head),
    h("tbody", {}, rows.map(line)),
  );
}

/** Replaces the tables in a place, each under its title. */
export const fillTables = (element, tables) =>
  fill(element, tables.map(([title, table]) => h("figure", {}, h("figcaption", {}, title), table)));
