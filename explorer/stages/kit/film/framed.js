/**
 * A picture to keep: what is on screen, at twice its size or more, under its title and over its legend, its sentence
 * and its state.
 */

import { h, say } from "../base/dom.js";

const NARROWEST = 896;
const MARGIN = 32;
const TITLE = { font: "600 34px system-ui, sans-serif", line: 48 };
const TEXT = { font: "26px system-ui, sans-serif", line: 36 };
const SWATCH = 22;

/** Words as lines of at most `width`, in the font of the context. */
function wrapped(context, words, width) {
  const lines = [""];
  for (const word of words.trim().split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines[0] ? lines : lines.slice(1);
}

/** Rows of {text, colour} side by side, none wider than `width`. */
function rowsOf(context, legend, width) {
  const rows = [];
  let right = Infinity;
  for (const item of legend) {
    const wide = context.measureText(item.text).width + (item.colour ? SWATCH + 10 : 0);
    if (right + wide > width) {
      rows.push([]);
      right = 0;
    }
    rows.at(-1).push({ ...item, left: right });
    right += wide + 28;
  }
  return rows;
}

/**
 * @param {HTMLCanvasElement} picture
 * @param {{title: string, state: string, legend: {text: string, colour: string | null}[], sentence: string, colours:
 * object}} about
 */
export function framed(picture, { title, state, legend, sentence, colours }) {
  const scale = Math.max(1, Math.ceil(NARROWEST / picture.width));
  const width = Math.max(NARROWEST, scale * picture.width);
  const canvas = h("canvas", { width: width + 2 * MARGIN });
  const context = canvas.getContext("2d");
  context.font = TEXT.font;
  const keys = rowsOf(context, legend, width);
  const [words, states] = [sentence, state].map((text) => wrapped(context, text, width));
  const top = MARGIN + TITLE.line;
  const foot = top + scale * picture.height + MARGIN / 2;
  canvas.height = foot + TEXT.line * (keys.length + words.length + states.length) + MARGIN;
  Object.assign(context, { fillStyle: colours.ground, imageSmoothingEnabled: false, textBaseline: "top" });
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, MARGIN, top, scale * picture.width, scale * picture.height);
  const write = (text, x, y, font, colour) => {
    Object.assign(context, { font, fillStyle: colour });
    context.fillText(say(text), x, y);
  };
  write(title, MARGIN, MARGIN, TITLE.font, colours.ink);
  let y = foot;
  for (const row of keys) {
    for (const { text, colour, left } of row) {
      context.fillStyle = colour ?? colours.ground;
      if (colour) context.fillRect(MARGIN + left, y + 2, SWATCH, SWATCH);
      write(text, MARGIN + left + (colour ? SWATCH + 10 : 0), y, TEXT.font, colours.ink);
    }
    y += TEXT.line;
  }
  for (
    const [line, colour] of [
      ...words.map((line) => [line, colours.ink]),
      ...states.map((line) => [line, colours.quiet]),
    ]
  ) {
    write(line, MARGIN, y, TEXT.font, colour);
    y += TEXT.line;
  }
  return canvas;
}
