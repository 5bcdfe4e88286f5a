/** A picture to keep: what is on screen, twice as fine, over the words that say how to read it. */

import { h, say } from "../base/dom.js";

const SCALE = 2;
const EDGE = 16;
const LINE = 18;
const FONT = "system-ui, sans-serif";

/** Words as lines of at most `width`, in the font of the context. */
export function wrapped(context, words, width) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Draws a small canvas at its own size, its pixels as squares. */
export function drawCrisp(context, source) {
  context.imageSmoothingEnabled = false;
  context.drawImage(source, 0, 0);
}

/** `paint(context)` draws `width` × `height` CSS pixels from the origin; each of the `words` starts a line. */
export function createSheet({ ground, quiet }, { words, width, height, paint }) {
  const canvas = h("canvas");
  const context = canvas.getContext("2d");
  const small = `13px ${FONT}`;
  context.font = small;
  const lines = words.filter(Boolean).flatMap((each) => wrapped(context, say(each), width));
  Object.assign(canvas, {
    width: SCALE * (width + 2 * EDGE),
    height: SCALE * (height + LINE * (lines.length + 0.5) + 2 * EDGE),
  });
  context.scale(SCALE, SCALE);
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(EDGE, EDGE);
  Object.assign(context, { fillStyle: quiet, font: small, textBaseline: "top" });
  lines.forEach((line, i) => context.fillText(line, 0, height + LINE * (i + 0.5)));
  paint(context);
  return canvas;
}
