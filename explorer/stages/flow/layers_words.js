/** What is seen on the way from z to x, in words that follow from the model's numbers. */

import { num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";
import { countOf } from "./lattice.js";
import { grouped, signed } from "./nats.js";
import { bitsPerDim, ofLevels } from "./units.js";

const SURE = 2; // standard deviations
const USUAL = Math.sqrt(2 * PIXELS); // the standard deviation of ‖z‖²

/** What the last layer did. */
export const filmCaption = ({ index, layer }) =>
  index === 0 ? `${layer}: ▶ plays, › goes one layer` : `Layer ${index}: ${layer}`;

/** The figures of a state. */
export function filmRows(frames, at = 0, tap = 0) {
  const frame = frames?.[at];
  const of = (k) => frames[k].numbers.log_prob[tap];
  const moved = frame && at > 0;
  return [
    ["layers undone", frame ? `${at} of ${frame.total - 1}` : "–"],
    ["pixels that are no noise", frame ? `${countOf(frame.known)} of ${PIXELS}` : "–"],
    ["log-density", frame ? signed(of(at)) : "–", frame ? "nats" : ""],
    ["by this layer", moved ? signed(of(at) - of(at - 1)) : "–", moved ? "nats" : ""],
  ];
}

/** The sentences of a state of one image. */
export function filmWords({ frames, last, at, tap, seed, temperature }) {
  const of = (k) => frames[k].numbers.log_prob[tap];
  const name = `Image ${tap + 1} of seed ${seed}`;
  const here = grouped(of(at));
  if (at === 0) {
    const squared = grouped(frames[0].numbers.squared_length[tap], 0);
    const usual = grouped(temperature ** 2 * PIXELS, 0);
    return `${name} begins as ${PIXELS} Gaussian numbers, at temperature ${num(temperature)}: ‖z‖² is ${squared} ` +
      `(${usual} on average). Its log-density is ${here} nats, and every layer will add its own log-determinant.`;
  }
  const added = signed(of(at) - of(at - 1));
  if (at < last) {
    return `${name} after ${at} of ${last} layers: ${countOf(frames[at].known)} of ${PIXELS} pixels are no noise any ` +
      "more. What is drawn stays, and decides how the next pixels are drawn. This layer has changed the log-density " +
      `by ${added} nats; that of the state is ${here}.`;
  }
  const bits = num(bitsPerDim(ofLevels(of(last), 1)), 3);
  return `log p(x) = ${
    signed(of(last))
  } nats is exact for continuous pixels, a bound for levels. For ${name} it is the sum of all layers' terms. ${added} ` +
    "nats are of the last layer, which draws nothing: it measures black and white by their levels, 1/256 each. Of " +
    `levels that is at most ${bits} bits per dimension.`;
}

/** The mixture at a cut: `ends` are the log-densities of the two, `far` the L2 distances of it from both. */
export function mixWords({ count, classes: [a, b], logProb, ends, far, squared }) {
  const [own, other] = ends.map(signed);
  if (count === 0) return `Nothing of A, ${a}, is taken yet: this is B, ${b}. Its log p(x) is ${other} nats.`;
  if (count === PIXELS) return `All of z is that of A, and the flow gives back ${a}. Its log p(x) is ${own} nats.`;
  const length = grouped(squared, 0);
  return `${count} numbers of z are those of A, ${a}, the other ${
    PIXELS - count
  } those of B, ${b}: ‖z‖² is ${length}. ` +
    `Those ${count} pixels come out as they are in A, and the others are drawn to fit. The image lies ${num(far[0])} ` +
    `from A and ${num(far[1])} from B (L2), and its log p(x) is ${signed(logProb)} nats, beside A's ${own} and B's ` +
    `${other}.`;
}

/** How long z are: of test images, of draws, and of this one at a temperature. */
export function typicalWords({ tests: { mean, sd, n }, temperature, squared, logProbs: { mode, one } }) {
  const away = (squared - PIXELS) / USUAL;
  const place = Math.abs(away) < SURE
    ? "which is typical of Gaussian noise"
    : `${num(Math.abs(away), 1)} standard deviations ${away < 0 ? "short of" : "beyond"} what Gaussian noise has`;
  const length = grouped(squared, 0);
  const here = `At temperature ${num(temperature)} this z has ‖z‖² = ${length}, ${place} (784 ± ${num(USUAL, 0)}).`;
  const uneven = sd > 1.2 * USUAL ? ", more unequally so than noise" : "";
  const data = `The z of ${n} test images have ${grouped(mean, 0)} ± ${num(sd, 0)}${uneven}.`;
  const apart = grouped(Math.abs(mode - one), 0);
  const odds = mode > one
    ? `The mode of the noise, z = 0, makes an image that is ${apart} nats likelier than this one at temperature 1, and ` +
      "no draw ever comes near it. It is not the mode of p(x): the layers change the volume."
    : `The mode of the noise, z = 0, makes an image that is ${apart} nats less likely than this one at temperature 1: ` +
      "it is not the mode of p(x), as the layers change the volume.";
  return `${here} ${data} ${odds}`;
}
