/** What is said of the files of several families: the headline's numbers and the sentences. */

import { bestTool } from "../kit/export/compressed.js";
import { listed, num } from "../kit/shell/format.js";

/** The rows of numbers of the shortest code; undefined or null for no answer. */
export function codeRows(best) {
  const of = (number) => (best ? number(best.answer) : "–");
  return [
    ["the shortest code", of(({ code }) => num(code, 0)), "bytes"],
    ["−log₂ p(x), or its bound", of(({ total }) => num(total, 1)), "bits"],
    ["a symbol", of(({ code, bits }) => num((8 * code) / bits.length, 3)), "bits"],
    ["the best of the other tools", of((answer) => num(bestTool(answer)[1], 0)), "bytes"],
  ];
}

/** `known` are {family, answer}, `bests` the shortest code of each kind of x, and `names` name the kinds. */
export function codeWords(known, bests, names) {
  const of = ({ space }) => (bests.length > 1 ? ` of ${names[space].toLowerCase()}` : "");
  const each = bests.map(({ family, answer }) => {
    const [tool, least] = bestTool(answer);
    const sized = answer.first ? "at most " : "";
    return `${family.title} writes the shortest code${of(family)}, ${num(answer.code, 0)} bytes. Its −log₂ p(x) is ` +
      `${sized}${num(answer.total, 1)} bits. The best of the other tools, ${tool}, needs ${num(least, 0)} without ` +
      "its header. ";
  });
  return `${each.join("")}${bitsBackWords(known)}The weights of the networks are not counted: the reader must have ` +
    "them.";
}

/** What is said of codes that begin with bits of their own. */
function bitsBackWords(known) {
  const back = known.filter(({ answer }) => answer.first);
  if (!back.length) return "";
  const each = back.map(({ family, answer }) =>
    `${family.title} ${num(answer.code - answer.first / 8, 0)} and ${num(answer.first / 8, 0)}`
  );
  return `By bits back, a VAE needs the bytes of its bound and those of its first bits: ${
    listed(each)
  }. In a chain of ` +
    "pictures, only the first one pays for first bits. ";
}
