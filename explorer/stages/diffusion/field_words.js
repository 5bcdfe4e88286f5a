/** What a visitor sees of a score field, said with its own numbers. */

import { brief, num } from "../kit/shell/format.js";

const CLOSE = 0.05;
const FAR = 0.5;

/** The root mean square of the difference, as a share of what should be said. */
export const share = ({ error, size }) => Math.sqrt(error / size);

export function fieldWords(level) {
  const ratio = share(level.difference);
  const deviation = num(Math.sqrt(1 - level.alpha), 2);
  const verdict = ratio < CLOSE
    ? "the thin arrows lie on the thick ones"
    : ratio < FAR
    ? "the arrows nearly agree"
    : "so little noise is hard to tell from the data themselves, and the arrows part";
  return `At t = ${level.t.toLocaleString("en")} the noise has a standard deviation of ${deviation}. ` +
    `Where points lie, the network's ε̂ is off by ${num(100 * ratio, ratio < 0.1 ? 1 : 0)} % of the ` +
    `exact −√(1−ᾱ) ∇log p: ${verdict}.`;
}

/** What a screen reader says of the picture. */
export function planeWords(title, level, n) {
  const points = n ? ` ${n} point${n === 1 ? "" : "s"} dropped.` : "";
  return `${title}: arrows of the score at time ${level.t.toLocaleString("en")} of 1,000; mean squared ` +
    `difference of network and exact noise ${brief(level.difference.error)}.${points}`;
}
