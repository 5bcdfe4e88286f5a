/** Exact values on straight lines from Gaussian noise to a mixture, the ends of each drawn independently. */

import { densityAt } from "../kit/plane/mixture.js";

/** The mixture of x_t = (1 − t) x₀ + t x₁: its centres, and the variance of each Gaussian. */
export function between({ means, sigma }, t) {
  return {
    xs: Float64Array.from(means, ([x]) => t * x),
    ys: Float64Array.from(means, ([, y]) => t * y),
    variance: (t * sigma) ** 2 + (1 - t) ** 2,
  };
}

/**
 * Statistics of the lines through x at time t: the mean `v` and the spread (root of the mean square) `spread` of their
 * velocities; the means of their ends, `data` and `noise`; the score; and the probability of each Gaussian, `shares`.
 * @param {{means: Point[], sigma: number}} toy @param {[x: number, y: number]} x @param {number} t
 */
export function linesThrough(toy, x, t) {
  const { means, sigma } = toy;
  const { variance } = between(toy, t);
  const squares = means.map((m) => (x[0] - t * m[0]) ** 2 + (x[1] - t * m[1]) ** 2);
  const nearest = Math.min(...squares);
  const weights = squares.map((square) => Math.exp((nearest - square) / (2 * variance)));
  const total = weights.reduce((a, b) => a + b);
  const shares = weights.map((weight) => weight / total);
  const mean = [0, 1].map((i) => shares.reduce((sum, share, k) => sum + share * means[k][i], 0));
  const apart = shares.reduce(
    (sum, share, k) => sum + share * Math.hypot(...means[k].map((m, i) => m - mean[i])) ** 2,
    0,
  );
  const pull = (t * sigma ** 2 - (1 - t)) / variance;
  const v = mean.map((m, i) => m + pull * (x[i] - t * m));
  return {
    v,
    shares,
    spread: Math.sqrt((2 * sigma ** 2) / variance + ((1 - t) / variance) ** 2 * apart),
    data: x.map((value, i) => value + (1 - t) * v[i]),
    noise: x.map((value, i) => value - t * v[i]),
    score: densityAt(between(toy, t), ...x).score,
  };
}

/** Velocities of some lines through x at time t < 1, drawn as likely as they are: [vx, vy] each. */
export function someLines(toy, x, t, { count, uniform, gaussian }) {
  const { means, sigma } = toy;
  const { shares } = linesThrough(toy, x, t);
  const { variance } = between(toy, t);
  const pull = (t * sigma ** 2 - (1 - t)) / variance;
  const width = sigma / Math.sqrt(variance);
  return Array.from({ length: count }, () => {
    const m = means[chosen(shares, uniform())];
    return m.map((value, i) => value + pull * (x[i] - t * value) + width * gaussian());
  });
}

function chosen(shares, place) {
  let sum = 0;
  const found = shares.findIndex((share) => (sum += share) > place);
  return found < 0 ? shares.length - 1 : found;
}
