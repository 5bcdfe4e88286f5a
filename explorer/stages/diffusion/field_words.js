/** What a visitor sees of a score field, said with its own numbers. */

import { brief, num } from "../kit/shell/format.js";

const CLOSE = 0.05;
const FAR = 0.5;

const count = (n, name) => `${n} ${name}${n === 1 ? "" : "s"}`;

/** How far the points walked on average, step by step. */
function lengthOf(frames, way) {
  let sum = 0;
  for (let k = 1; k < frames.length; k++) {
    const [a, b] = [frames[k - 1][way], frames[k][way]];
    for (let i = 0; i < a.length; i += 2) sum += Math.hypot(b[i] - a[i], b[i + 1] - a[i + 1]);
  }
  return sum / (frames[0][way].length / 2);
}

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

/** Of the walks, once they are all there. */
export function walkWords({ frames, done, total, running }, at, field, ways) {
  const n = frames[0].sde.length / 2;
  if (running) return "";
  if (!done) {
    return ` Stopped after ${(frames.length - 1).toLocaleString("en")} of ` +
      `${(total - 1).toLocaleString("en")} steps.`;
  }
  if (at < frames.length - 1) {
    return ` ${count(n, "point")} at t = ${frames[at].t.toLocaleString("en")}, on ` +
      `${n === 1 ? "its" : "their"} way to 0.`;
  }
  const told = { sde: "the reverse SDE wandered", ode: "the probability flow went" };
  const lengths = ways.map((way) => `${told[way]} ${num(lengthOf(frames, way))}`).join(", ");
  const ends = ways.map((way) => `${num(field.logDensity(frames.at(-1)[way]))} (${way.toUpperCase()})`).join(" and ");
  return ` To reach the data ${lengths} on average. The mean log p of the ends is ${ends}, under the ` +
    "known density.";
}

/** What a screen reader says of the picture. */
export function planeWords(title, level, n) {
  const points = n ? ` ${count(n, "point")} dropped.` : "";
  return `${title}: arrows of the score at time ${level.t.toLocaleString("en")} of 1,000; mean squared ` +
    `difference of network and exact noise ${brief(level.difference.error)}.${points}`;
}
