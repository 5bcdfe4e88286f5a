/** Sentences on an image drawn pixel by pixel, with the network's own numbers. */

import { num, percent } from "../kit/base/format.js";
import { sum } from "../kit/base/sums.js";
import { PIXELS } from "../kit/image/pixels.js";
import { placeOf } from "../kit/image/board.js";
import { formatT } from "./controls.js";
import { bitsOf, levelName } from "./levels.js";

const CERTAIN = 0.99;

/** Of the first `at` pixels drawn: their bits of surprise, and how many the network was nearly certain of. */
function spent(trace, index, at) {
  const all = trace.bits(index);
  const bits = Array.from(trace.order.subarray(0, at), (pixel) => all[pixel]);
  const certain = bits.filter((value) => value < -Math.log2(CERTAIN)).length / at;
  return { bits, total: sum(bits), certain };
}

/** Least number of pixels that hold half of the bits. */
function halfOn(bits) {
  const total = sum(bits);
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
  if (at === 0) {
    return "The network has not drawn anything yet, but it already has a first prediction. Press ▶, or drag " +
      "the slider.";
  }
  const { bits, total, certain } = spent(trace, index, at);
  const few = `${percent(certain)} of ${at === PIXELS ? "all" : "the first"} ${at} pixels were nearly certain ` +
    `(p > ${CERTAIN}).`;
  if (at < PIXELS) return `${few} So far the image has cost ${num(total, 1)} bits.`;
  const expected = sum(trace.entropy(index)) / Math.LN2;
  const half = `Half of the ${num(total, 0)} bits fall on ${halfOn(bits)} pixels.`;
  const paid = `The predictions on the way expected ${num(expected, 0)} bits in sum (their entropies)`;
  if (T === 1) return `${few} ${half} ${paid}, the draws cost ${num(total, 0)}.`;
  const verdict = total < expected
    ? "likelier levels than the network believes in"
    : "less likely levels than the network believes in";
  return `${few} ${half} ${paid}, the draws cost ${num(total, 0)}: T = ${formatT(T)} picks ${verdict}. ` +
    "−log p is always at T = 1.";
}

/** Sentence on one pixel: its surprise. */
export function askWords({ trace, pixel, whose }) {
  const bits = bitsOf(trace.logProb()[pixel]);
  const level = levelName(trace.net, trace.image()[pixel]);
  return `In ${whose}, the pixel at ${placeOf(pixel)} is ${level} and cost ${num(bits)} ` +
    `bits${bits < 0.02 ? ": the network expected it" : ""}.`;
}

/**
 * The effect of an override: nothing before it, this much after it, and, once all is drawn, −log p of the two branches.
 */
export function overrideWords({ original, branch, change, over, known }) {
  const { first, before } = change;
  const after = change.after(known);
  const left = PIXELS - first - 1;
  const totals = [original, branch].map((trace) => num(-trace.logProbSoFar(), 1));
  const pixel = original.order[first];
  const cost = [original, branch].map((trace) => num(Math.max(0, -trace.logProb()[pixel])));
  const which = over.length > 1 ? "your first override" : "your override";
  if (known < PIXELS) {
    return `${known - first - 1} of the ${left} pixels after ${which} (${placeOf(pixel)}) are drawn again, ` +
      `with the same random numbers: ${after} of them came out otherwise so far.`;
  }
  return (
    `Before ${which} (${placeOf(pixel)}) ${before} of ${first} pixels ` +
    `changed${before === 0 ? ": the network had drawn them without knowing of it" : ""}. ` +
    `Of the ${left} after it ${after} came out otherwise, with the same random numbers. ` +
    `The overridden pixel costs ${cost[1]} nats instead of ${cost[0]}; −log p goes from ${totals[0]} ` +
    `to ${totals[1]} nats.`
  );
}
