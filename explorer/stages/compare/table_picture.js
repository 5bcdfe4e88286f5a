/** The table as a picture: names and figures in the order in which they stand, and what the rows are of. */

import { createSheet } from "../kit/export/sheet.js";

const NAME = 150;
const CELL = 140;
const HEAD = 26;
const LINE = 15;
const FONT = "system-ui, sans-serif";
const WORDS = "Bold: measured to be better than another of the same pixels, and none to be better. =: exact; " +
  "≤: a bound; ≈: an estimate; ∅: cannot. The dot under a figure is its place among those measured alike, the line its interval.";

function paintMarks(context, [at, low, high], { ink, quiet, line }) {
  const wide = CELL - 24;
  context.fillStyle = line;
  context.fillRect(0, 21, wide, 1);
  context.fillStyle = quiet;
  context.fillRect(low * wide, 20, Math.max(1, (high - low) * wide), 3);
  context.fillStyle = ink;
  context.beginPath();
  context.arc(at * wide, 21.5, 4, 0, 2 * Math.PI);
  context.fill();
}

function paintCell(context, { text, note, best, marks }, colours) {
  Object.assign(context, { fillStyle: colours.ink, font: `${best ? 700 : 400} 13px ${FONT}` });
  context.fillText(text, 0, 0);
  if (marks) paintMarks(context, marks, colours);
  Object.assign(context, { fillStyle: colours.quiet, font: `13px ${FONT}` });
  if (note) context.fillText(note, 0, 28, CELL - 8);
}

const heightOf = ({ cells }) => (cells.some(({ note }) => note) ? 48 : 34);

/** `groups` are what stands in the table: [{title, rows: [{title, cells}]}]. */
export function paintTable(groups, columns, ctx) {
  const colours = ctx.colours();
  const paint = (context) => {
    Object.assign(context, { fillStyle: colours.quiet, font: `13px ${FONT}` });
    columns.forEach(({ title }, i) => context.fillText(title, NAME + CELL * i, 0, CELL - 8));
    context.translate(0, HEAD);
    for (const { title, rows } of groups) {
      Object.assign(context, { fillStyle: colours.quiet, font: `13px ${FONT}` });
      if (title) context.fillText(title, 0, 4);
      context.translate(0, title ? LINE + 12 : 0);
      for (const row of rows) {
        paintCell(context, { text: row.title, best: true }, colours);
        row.cells.forEach((cell, i) => {
          context.save();
          context.translate(NAME + CELL * i, 0);
          paintCell(context, cell, colours);
          context.restore();
        });
        context.translate(0, heightOf(row));
      }
    }
  };
  const height = HEAD +
    groups.reduce(
      (sum, { title, rows }) => sum + (title ? LINE + 12 : 0) + rows.reduce((total, row) => total + heightOf(row), 0),
      0,
    );
  return createSheet(colours, { words: [WORDS], width: NAME + CELL * columns.length, height, paint });
}
