/** What a visitor sees of an image drawn pixel by pixel, said with the network's own numbers. */

import { withArticle } from "../shared/parts.js";
import { num } from "../shared/format.js";
import { formatT } from "./controls.js";
import { PIXELS } from "./fields.js";

const CERTAIN = 0.99;
/** Four pixels turned from black to white. */
const COPY = 2;

const sum = (values) => values.reduce((total, value) => total + value, 0);
const percent = (share) => `${num(100 * share, share > 0.995 ? 1 : 0)} %`;

/** Of the first `at` pixels drawn: their bits of surprise, and how many the network was nearly certain of. */
function spent(trace, index, at) {
  const all = trace.bits(index);
  const bits = Array.from(trace.order.subarray(0, at), (pixel) => all[pixel]);
  const certain = bits.filter((value) => value < -Math.log2(CERTAIN)).length / at;
  return { bits, total: sum(bits), certain };
}

/** How few pixels hold half of the bits. */
function halfOn(bits, total) {
  let [held, count] = [0, 0];
  for (const value of [...bits].sort((a, b) => b - a)) {
    if (held >= total / 2) break;
    held += value;
    count += 1;
  }
  return count;
}

/** Two or three sentences of image `index` when `at` of its pixels are drawn. */
export function generateWords({ trace, index, at, T }) {
  if (at === 0) return `The network has not drawn anything yet, but it already has a first prediction. Press ▶, or drag the slider.`;
  const { bits, total, certain } = spent(trace, index, at);
  const few = `Of ${at === PIXELS ? "all" : "the first"} ${at} pixels ${percent(certain)} were nearly certain: what was drawn had p > ${CERTAIN}.`;
  if (at < PIXELS) return `${few} So far the image has cost ${num(total, 1)} bits.`;
  const expected = sum(trace.entropy(index)) / Math.LN2;
  const half = `Half of the ${num(total, 0)} bits fall on ${halfOn(bits, total)} pixels.`;
  const paid = `The predictions on the way expected ${num(expected, 0)} bits in sum (their entropies)`;
  if (T === 1) return `${few} ${half} ${paid}, the draws cost ${num(total, 0)}.`;
  const verdict = total < expected ? "likelier levels than the network believes in" : "less likely levels than the network believes in";
  return `${few} ${half} ${paid}, the draws cost ${num(total, 0)}: T = ${formatT(T)} picks ${verdict}. log p is always at T = 1.`;
}

/** What the nearest training image says of a finished one. */
export function nearestWords({ label, distance, of }) {
  const verdict = distance < COPY ? "the image is close to a copy of it" : "the image is no copy";
  return `Nearest of ${of.toLocaleString("en")} training images: ${withArticle(label)}, ${num(distance)} away (L2): ${verdict}.`;
}
