/** Intervals for a share of few: Wilson's, and that of the sensitivity. */

import { num } from "../kit/base/format.js";

const Z = 1.959964; // 95 %

/**
 * The 95 % interval [low, high] of a probability, from `hits` of `n` tries.
 *
 * Reference: Wilson, Probable inference, the law of succession, and statistical inference, 1927.
 */
export function wilson(hits, n) {
  if (n === 0) return [0, 1];
  const share = hits / n;
  const middle = share + (Z * Z) / (2 * n);
  const reach = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

/** The x below which a standard Gaussian lies with probability p, to ten digits: by Newton's method on its integral. */
function quantile(p) {
  if (p <= 0 || p >= 1) return p <= 0 ? -Infinity : Infinity;
  let x = 0;
  for (let i = 0; i < 60; i++) {
    const step = (below(x) - p) * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
    x -= Math.max(-1, Math.min(1, step));
  }
  return x;
}

/** The probability that a standard Gaussian lies below x: Φ, by its series. */
function below(x) {
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && k < 400; k++) sum += term *= (x * x) / (2 * k + 1);
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/**
 * Sensitivity d′ of who chooses between two images and is right in `hits` of `n` rounds: √2 Φ⁻¹(share), with the ends of
 * Wilson's interval; 0 is chance.
 *
 * Reference: Macmillan & Creelman, Detection Theory, 2005, chapter 7
 */
export function sensitivity(hits, n) {
  return [hits / n, ...wilson(hits, n)].map((share) => Math.SQRT2 * quantile(share));
}

/** d′ with its interval; with too few rounds, an end is not finite. */
export function sensitivityOf({ n, wrong }) {
  const end = (value) => Number.isFinite(value) ? num(value, 1) : value < 0 ? "−∞" : "∞";
  const [, low, high] = sensitivity(n - wrong, n).map(end);
  return `${low} … ${high}`;
}
