/** Score matching of one number: two Gaussians of width 1, noised, and a score that is bent by hand. */

import { logNormal, logSumExp, places } from "./normal.js";
import { sum } from "../kit/base/sums.js";

export const RANGE = [-8, 8];
export const KNOTS = places(-7, 7, 9);
const REACH = 14; // from 0, where next to nothing of the data is left
const STEP = 0.0175; // so that each knot lies between two middles
const MIDDLES = places(-REACH + STEP / 2, REACH - STEP / 2, Math.round(2 * REACH / STEP));
const NOISE = places(-5.95, 5.95, 120); // standard deviations of the noise, and of a mode's points
const HEAVY = NOISE.map((e) => Math.exp(-(e ** 2) / 2));
const SHARES = HEAVY.map((weight) => weight / sum(HEAVY));

/** The modes of a mixture: [log of the weight, mean]; its right mode has the `share`. */
const modesOf = (share, far) => [[Math.log(1 - share), -far / 2], [Math.log(share), far / 2]];

/** log p(x) of two modes of the variance `wide`², with the slope and the curvature of that logarithm. */
function mixture(x, share, far, wide) {
  const logs = modesOf(share, far).map(([weight, mean]) => weight + logNormal(x, mean, wide));
  const log = logSumExp(logs);
  const slopes = modesOf(share, far).map(([, mean]) => (mean - x) / wide ** 2);
  const weights = logs.map((each) => Math.exp(each - log));
  const score = sum(slopes.map((slope, k) => weights[k] * slope));
  const spread = sum(slopes.map((slope, k) => weights[k] * slope ** 2)) - score ** 2;
  return { log, score, curvature: spread - 1 / wide ** 2 };
}

/** Error added to the score at x, and its slope: straight between the knots, and level beyond them. */
function bendAt(x, bend) {
  const gap = KNOTS[1] - KNOTS[0];
  const place = (x - KNOTS[0]) / gap;
  if (place <= 0) return [bend[0], 0];
  const k = Math.floor(place);
  if (k >= bend.length - 1) return [bend.at(-1), 0];
  return [bend[k] + (place - k) * (bend[k + 1] - bend[k]), (bend[k + 1] - bend[k]) / gap];
}

/** The score of the model and its slope: that of a mixture with a share of its own, and what is bent. */
export function modelScore(x, { theirs, far, blur, bend }) {
  const { score, curvature } = mixture(x, theirs, far, Math.hypot(1, blur));
  const [more, slope] = bendAt(x, bend);
  return [score + more, curvature + slope];
}

/** ½ E (s(x̃) + ε ÷ σ)² of x̃ = x + σ ε, as a sum over x and ε. */
function denoising(state) {
  const { share, far, blur } = state;
  return sum(
    modesOf(share, far).flatMap(([weight, mean]) =>
      NOISE.map((point, i) =>
        Math.exp(weight) * SHARES[i] *
        sum(NOISE.map((e, j) => SHARES[j] * (modelScore(mean + point + blur * e, state)[0] + e / blur) ** 2)) / 2
      )
    ),
  );
}

/** The model's density: e to the integral of its score, with an integral of 1. */
function densityOf(scores) {
  let log = 0;
  const logs = scores.map((score, i) => (log += i ? STEP * (score + scores[i - 1]) / 2 : 0));
  const whole = logSumExp(logs) + Math.log(STEP);
  return logs.map((each) => Math.exp(each - whole));
}

/**
 * The three losses, in 1 ÷ σ², on the noised data; the density that the model's score belongs to; and what none of the losses
 * sees: KL(p ‖ model) in nats, and the mass of both right of 0.
 */
export function matched(state) {
  const { share, far, blur } = state;
  const data = MIDDLES.map((x) => mixture(x, share, far, Math.hypot(1, blur)));
  const model = MIDDLES.map((x) => modelScore(x, state));
  const p = data.map(({ log }) => Math.exp(log));
  const mean = (of) => STEP * sum(p.map((each, i) => each * of(i)));
  const density = densityOf(model.map(([score]) => score));
  const right = (of) => STEP * sum(of.filter((_, i) => MIDDLES[i] > 0));
  return {
    explicit: mean((i) => (model[i][0] - data[i].score) ** 2) / 2,
    implicit: mean((i) => model[i][1] + model[i][0] ** 2 / 2),
    denoising: denoising(state),
    kl: mean((i) => data[i].log - Math.log(density[i])),
    right: { data: right(p), model: right(density) },
    curves: MIDDLES.map((x, i) => ({ x, p: p[i], q: density[i], score: data[i].score, model: model[i][0] }))
      .filter(({ x }) => Math.abs(x) < RANGE[1]),
  };
}
