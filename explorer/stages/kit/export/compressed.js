/** What a mode says of the file of a text, an image or a sound: its bars, its numbers and its sentence. */

import { num } from "../shell/format.js";

/** The bars of the other tools' files and of the network's own. */
export const barsOf = (value, title) => [...barsOfOthers(value), barOf(value, title)];

/** The bars of the other tools' files. */
export const barsOfOthers = ({ others }) =>
  others.map(([title, file, around]) => ({ title, code: file - around, around }));

/** The bar of a network's file; the code by bits back is counted without the bits that it begins with. */
export const barOf = ({ code, first, header }, title) => ({
  title,
  code: code - first / 8,
  first: first / 8,
  around: header,
  ofModel: true,
});

/** The tool whose code is the shortest, and its bytes: [title, bytes]. */
export function bestTool({ others }) {
  const sizes = others.map(([title, file, around]) => [title, file - around]);
  return sizes.reduce((a, b) => (b[1] < a[1] ? b : a));
}

/** The rows of numbers; null for no answer. `unit` is that of a symbol, such as "bits/character". */
export function figuresOf(value, unit) {
  const of = (number) => (value ? number(value) : "–");
  return [
    ["the code", of(({ code, bits }) => num((8 * code) / bits.length)), unit],
    ["the file, with its header", of(({ code, header }) => num(code + header, 0)), "bytes"],
    ["the code alone", of(({ code }) => num(8 * code, 0)), "bits"],
    ["−log₂ p(x)", of(({ total }) => num(total)), "bits"],
    ["above −log₂ p(x)", of(({ code, total }) => num(8 * code - total)), "bits"],
  ];
}

/** The sentence; `what` is such as "this text". */
export function sentenceOf({ code, total, others }, what) {
  const [title, least] = bestTool({ others });
  const best = title === "uncompressed"
    ? `The other tools do not make it shorter than it is, ${num(least, 0)} bytes`
    : `The best of the other tools, ${title}, needs ${num(least, 0)}, without its header`;
  return `−log₂ p is ${num(total)} bits; the code has ${num(code, 0)} bytes. That is the cost of ${what}. ${best}. ` +
    "The network's own weights are not counted: the reader must have them.";
}
