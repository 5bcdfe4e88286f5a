/** The rows of the table: families in the order of one figure, those measured alike together, and how sure each is. */

import { SPACES } from "../questions/spaces.js";
import { alikeIn, bestIn, columnOf } from "./columns.js";

const SIGNS = { exact: "= ", bound: "≤ ", estimate: "≈ " };
const SURE = 2; // standard errors on each side of an interval

/** From which value to which a figure may be: over its seeds, or two standard errors on each side. */
function intervalOf({ value, low, high, se = 0 }) {
  return low === undefined ? [value - SURE * se, value + SURE * se] : [low, high];
}

/** A function that places a value between 0, the least of these figures, and 1, the greatest. */
function axisOf({ log }, figures) {
  const least = Math.min(...figures.map(({ value }) => value));
  const scale = (value) => (log ? Math.log(Math.max(value, least)) : value);
  const ends = figures.flatMap((figure) => intervalOf(figure).map(scale));
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return (value) => (high > low ? (scale(value) - low) / (high - low) : 0.5);
}

/** What a figure is of, in a few words. */
function ofWhat({ pixels, space, n }) {
  if (pixels) return `${pixels} pixels`;
  return space ? `${SPACES[space].name.toLowerCase()}, ${n.toLocaleString("en")} test images` : "";
}

/** The same in a cell, where room is scarce. */
const inShort = ({ pixels, space, n }) =>
  pixels ?? (space ? `${space === "levels" ? "grey" : space}, ${n.toLocaleString("en")} images` : "");

/** The cells of a column, by family: {column, text, note, best, marks}; `marks` places the figure and its interval. */
function cellsOf(column, families) {
  const [best, groups] = [bestIn(column, families), alikeIn(column, families)];
  const cells = new Map(families.map((family) => {
    const text = column.cannot?.(family) ? "∅" : "–";
    return [family, { column, text, note: "", best: false, marks: null }];
  }));
  groups.forEach((group, i) => {
    const axis = axisOf(column, group.map(column.read));
    for (const family of group) {
      const figure = column.read(family);
      const text = `${SIGNS[figure.kind] ?? ""}${column.words(figure.value)}`;
      const marks = { at: axis(figure.value), interval: intervalOf(figure).map(axis) };
      cells.set(family, { column, text, note: i ? inShort(figure) : "", best: best.has(family), marks });
    }
  });
  return cells;
}

/** The groups of the table: [{title, rows: [{family, cells}]}], in the order of the column `sort`. */
export function groupsOf(sort, families, columns) {
  const column = columnOf(sort);
  const sign = column.better === "most" ? -1 : 1;
  const byColumn = columns.map((each) => cellsOf(each, families));
  const plain = (cell) => (cell.column === column ? { ...cell, note: "" } : cell); // its group has a title
  const rowOf = (family) => ({ family, cells: byColumn.map((cells) => plain(cells.get(family))) });
  const alike = alikeIn(column, families);
  const rest = families.filter((family) => !column.read(family));
  const groups = alike.map((group, i) => ({
    title: titleOf(column.read(group[0]), alike.length > 1, i),
    rows: group.toSorted((a, b) => sign * (column.read(a).value - column.read(b).value)).map(rowOf),
  }));
  return rest.length
    ? [...groups, { title: alike.length > 1 ? "without this figure" : "", rows: rest.map(rowOf) }]
    : groups;
}

function titleOf(figure, isOneOfSeveral, i) {
  if (!isOneOfSeveral) return "";
  return i ? `${ofWhat(figure)}: not comparable with the rows above` : ofWhat(figure);
}
