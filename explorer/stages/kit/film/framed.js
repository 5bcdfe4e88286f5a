/** A picture to keep: what is on screen, under its title and over its legend, its sentence and its state. */

import { h, say } from "../base/dom.js";

const NARROWEST = 896;
const MARGIN = 32;
const TITLE = { font: "600 34px system-ui, sans-serif", line: 48 };
const TEXT = { font: "26px system-ui, sans-serif", line: 36 };
const [GAP, LINE_GAP] = [28, 8];

/** Words as lines of at most `width`, in the font of the context. */
export function wrapped(context, words, width) {
  const lines = [""];
  for (const word of words.trim().split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines[0] ? lines : lines.slice(1);
}

/** Pictures side by side in rows, none wider than `width`: {picture, left, top}, and the height of all. */
function rowsOf(pictures, width) {
  const placed = [];
  let [left, top, high] = [0, 0, 0];
  for (const picture of pictures) {
    if (left && left + picture.width > width) [left, top, high] = [0, top + high + LINE_GAP, 0];
    placed.push({ picture, left, top });
    left += picture.width + GAP;
    high = Math.max(high, picture.height);
  }
  return { placed, height: top + high + (pictures.length && LINE_GAP) };
}

/** Pictures one beside the other. @param {EdgedCanvas[]} pictures @returns {EdgedCanvas} */
export function beside([first, ...others]) {
  if (!others.length) return first;
  const all = [first, ...others];
  const width = all.reduce((sum, each) => sum + each.width + GAP, -GAP);
  /** @type {EdgedCanvas} */
  const canvas = h("canvas", { width, height: Math.max(...all.map(({ height }) => height)) });
  const context = canvas.getContext("2d");
  let left = 0;
  for (const each of all) {
    context.drawImage(each, left, 0);
    left += each.width + GAP;
  }
  canvas.edge = first.edge;
  return canvas;
}

/**
 * @param {EdgedCanvas} picture
 * @param {{title: string, state: string, legend: HTMLCanvasElement[], sentence: string, ground: string,
 *   colours: Colours}} about
 */
export function framed(picture, { title, state, legend, sentence, ground, colours }) {
  const { edge } = picture;
  const width = Math.max(NARROWEST, picture.width - 2 * edge);
  const canvas = h("canvas", { width: width + 2 * MARGIN });
  const context = canvas.getContext("2d");
  context.font = TEXT.font;
  const keys = rowsOf(legend, width);
  const [words, states] = [sentence, state].map((text) => wrapped(context, text, width));
  const top = MARGIN + TITLE.line;
  const foot = top + picture.height - edge + MARGIN / 2;
  canvas.height = foot + keys.height + TEXT.line * (words.length + states.length) + MARGIN;
  Object.assign(context, { fillStyle: ground, textBaseline: "top" });
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, MARGIN - edge, top - edge);
  for (const each of keys.placed) context.drawImage(each.picture, MARGIN + each.left, foot + each.top);
  const write = (text, y, font, colour) => {
    Object.assign(context, { font, fillStyle: colour });
    context.fillText(say(text), MARGIN, y);
  };
  write(title, MARGIN, TITLE.font, colours.ink);
  let y = foot + keys.height;
  for (
    const [line, colour] of [
      ...words.map((line) => [line, colours.ink]),
      ...states.map((line) => [line, colours.quiet]),
    ]
  ) {
    write(line, y, TEXT.font, colour);
    y += TEXT.line;
  }
  return canvas;
}
