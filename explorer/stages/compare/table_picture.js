/** The table as a picture: names, figures, and below each figure of which pixels it is. */

import { COLUMNS } from "./columns.js";
import { createSheet } from "../kit/export/sheet.js";

const NAME = 92;
const CELL = 112;
const HEAD = 26;
const LINE = 15;
const FONT = "system-ui, sans-serif";
const WORDS = "Bold: measured to be better than another of the same pixels, and none to be better. =: exact; " +
  "≤: a bound; ≈: an estimate.";

const heightOf = ({ cells }) => 30 + LINE * Math.max(0, ...cells.map(({ notes }) => notes.length));

function paintCell(context, { text, notes, best }, { ink, quiet }) {
  Object.assign(context, { fillStyle: ink, font: `${best ? 700 : 400} 13px ${FONT}` });
  context.fillText(text, 0, 0);
  Object.assign(context, { fillStyle: quiet, font: `13px ${FONT}` });
  notes.forEach((note, i) => context.fillText(note, 0, 18 + LINE * i, CELL - 8));
}

/** `rows` are what stands in the table: {family, cells: [{text, notes, best}]}. */
export function paintTable(rows, ctx) {
  const colours = ctx.colours();
  const paint = (context) => {
    Object.assign(context, { fillStyle: colours.quiet, font: `13px ${FONT}` });
    COLUMNS.forEach(({ title }, i) => context.fillText(title, NAME + CELL * i, 0, CELL - 8));
    context.translate(0, HEAD);
    for (const row of rows) {
      paintCell(context, { text: row.family.title, notes: [], best: true }, colours);
      context.save();
      context.translate(NAME, 0);
      for (const cell of row.cells) {
        paintCell(context, cell, colours);
        context.translate(CELL, 0);
      }
      context.restore();
      context.translate(0, heightOf(row));
    }
  };
  const height = HEAD + rows.reduce((sum, row) => sum + heightOf(row), 0);
  return createSheet(colours, { words: [WORDS], width: NAME + CELL * COLUMNS.length, height, paint });
}
