/** What is seen on the way from z to x, in words that follow from the model's numbers. */

import { num } from "../kit/format.js";
import { PIXELS } from "../kit/pixels.js";
import { countOf } from "./lattice.js";
import { bitsPerDim, ofLevels } from "./units.js";

const SURE = 2; // standard deviations

const signed = (value, digits = 1) => `${value > 0 ? "+" : ""}${grouped(value, digits)}`;

/** A number of nats with its thousands apart. */
export const grouped = (value, digits = 1) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");

/** What the last layer did. */
export const filmCaption = ({ index, layer }) =>
  index === 0 ? `${capitalised(layer)}: ▶ plays, › goes one layer` : `Layer ${index}: ${layer}`;

const capitalised = (text) => text[0].toUpperCase() + text.slice(1);

/** The figures of a state. */
export function filmRows(frames, at = 0, tap = 0) {
  const frame = frames?.[at];
  const of = (k) => frames[k].numbers.log_prob[tap];
  return [
    ["layers undone", frame ? `${at} of ${frame.total - 1}` : "–"],
    ["pixels that are no noise", frame ? `${countOf(frame.known)} of ${PIXELS}` : "–"],
    ["log-density of the state", frame ? signed(of(at)) : "–", frame ? "nats" : ""],
    ["by this layer", frame && at > 0 ? signed(of(at) - of(at - 1)) : "–", frame && at > 0 ? "nats" : ""],
  ];
}

/** The sentences of a state of one image. */
export function filmWords({ frames, last, at, tap, seed, temperature }) {
  const of = (k) => frames[k].numbers.log_prob[tap];
  const name = `Image ${tap + 1} of seed ${seed}`;
  if (at === 0) {
    const squared = frames[0].numbers.squared_length[tap];
    return `${name} begins as ${PIXELS} Gaussian numbers, at temperature ${num(temperature)}: ‖z‖² is ` +
      `${grouped(squared, 0)} (${grouped(temperature ** 2 * PIXELS, 0)} on average). Its log-density is ` +
      `${grouped(of(0))} nats, and every layer will add its own log-determinant.`;
  }
  if (at < last) {
    const drawn = countOf(frames[at].known);
    return `${name} after ${at} of ${last} layers: ${drawn} of ${PIXELS} pixels are no noise any more. What is drawn ` +
      `stays, and decides what the next pixels are drawn like. This layer has stretched or squeezed the volume by ` +
      `${signed(of(at) - of(at - 1))} nats, and the state's log-density is ${grouped(of(at))}.`;
  }
  const unit = of(last) - of(last - 1);
  const bits = bitsPerDim(ofLevels(of(last), 1));
  return `${name} is done: log p(x) is ${signed(of(last))} nats, exactly, the sum of what the layers did. ` +
    `${
      signed(unit)
    } of them are of the last layer, which draws nothing: it measures black and white by their levels, ` +
    `1/256 each. As levels are counted that is ${num(bits, 3)} bits per dimension.`;
}

/** The mixture at a cut: `ends` are the log-densities of the two, `far` the L2 distances of it from both. */
export function mixWords({ count, classes: [a, b], logProb, ends, far, squared }) {
  const beside = `beside A's ${signed(ends[0])} and B's ${signed(ends[1])}`;
  if (count === 0) return `Nothing of A, ${a}, is taken yet: this is B, ${b}. Its log p(x) is ${signed(ends[1])} nats.`;
  if (count === PIXELS) {
    return `All of z is that of A, and the flow gives back ${a}. Its log p(x) is ${signed(ends[0])} nats.`;
  }
  return `${count} numbers of z are those of A, ${a}, the other ${PIXELS - count} those of B, ${b}: ‖z‖² is ` +
    `${
      grouped(squared, 0)
    }. Those ${count} pixels come out as they are in A, and the others are drawn to fit. The image ` +
    `lies ${num(far[0])} from A and ${num(far[1])} from B (L2), and its log p(x) is ${
      signed(logProb)
    } nats, ${beside}.`;
}

/** How long z are: of test images, of draws, and of this one at a temperature. */
export function typicalWords({ tests, temperature, squared, logProbs }) {
  const { mean, sd, n } = tests;
  const typical = Math.sqrt(2 * PIXELS);
  const away = (squared - PIXELS) / typical;
  const place = Math.abs(away) < SURE
    ? "which is typical of Gaussian noise"
    : `${num(Math.abs(away), 1)} standard deviations ${away < 0 ? "short of" : "beyond"} what Gaussian noise has`;
  const here = `At temperature ${num(temperature)} this z has ‖z‖² = ${grouped(squared, 0)}, ${place} (784 ± ${
    num(typical, 0)
  }).`;
  const data = `The z of ${n} test images have ${grouped(mean, 0)} ± ${num(sd, 0)}: ` +
    (sd > SURE * typical ? "about as long, and far more unequally so." : "about as long.");
  const { mode, one } = logProbs;
  const odds = mode > one
    ? `The mode of the noise, z = 0, makes an image that is ${grouped(mode - one, 0)} nats likelier than this one at ` +
      "temperature 1, and no draw ever comes near it."
    : `The mode of the noise, z = 0, makes an image that is ${
      grouped(one - mode, 0)
    } nats less likely than this one at ` +
      "temperature 1: the mode of z need not be that of x.";
  return `${here} ${data} ${odds}`;
}
