/** What is seen on the way from z to x, in words that follow from the model's numbers. */

import { num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";
import { countOf } from "./lattice.js";
import { grouped, signed } from "./nats.js";

/** −log₂ P of levels for each pixel, at most, by the log-density of pixels in [0, 1]. */
const bitsPerDim = (nats) => Math.log2(256) - nats / (PIXELS * Math.LN2);

/** The figures of a state. */
export function filmRows(frames, at, tap) {
  const frame = frames[at];
  const of = (k) => frames[k].numbers.log_prob[tap];
  return [
    ["log-density", signed(of(at)), "nats"],
    ["by this layer", at ? signed(of(at) - of(at - 1)) : "–", at ? "nats" : ""],
    ["layers undone", `${at} of ${frame.total - 1}`],
    ["pixels that are no noise", `${countOf(frame.known)} of ${PIXELS}`],
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
  const bits = num(bitsPerDim(of(last)), 3);
  return `log p(x) = ${
    signed(of(last))
  } nats is exact for continuous pixels, a bound for levels. For ${name} it is the sum of all layers' terms. ${added} ` +
    "nats are of the last layer, which draws nothing: it measures black and white by their levels, 1/256 each. Of " +
    `levels that is at most ${bits} bits per dimension.`;
}
