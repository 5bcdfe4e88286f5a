/** A text as a picture, for PNG and GIF. */

import { blank } from "../kit/image/pixels.js";

const [COLUMNS, WIDE, HIGH, EDGE] = [64, 9, 20, 12];

/** Ends of lines: at a line break, and after 64 characters. */
function linesOf(characters) {
  const lines = [""];
  for (const character of characters) {
    if (character === "\n" || lines.at(-1).length === COLUMNS) lines.push("");
    if (character !== "\n") lines[lines.length - 1] += character;
  }
  return lines;
}

/** Paints the characters; the picture has room for `total` of them. */
export function paintText(canvas, characters, total, { ink, ground }) {
  const lines = linesOf(characters);
  const height = Math.max(lines.length, Math.ceil(total / 24)) * HIGH + 2 * EDGE;
  const context = blank(canvas, COLUMNS * WIDE + 2 * EDGE, height, { ground });
  context.fillStyle = ink;
  context.font = "15px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
  lines.forEach((line, i) => context.fillText(line, EDGE, EDGE + HIGH * (i + 0.75)));
}
