/** Shares of few: Wilson's interval, that of the sensitivity, and the largest of several. */

import { num } from "../kit/base/format.js";
import { bestOf, ofShare } from "../kit/base/verdict.js";

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

/** The name of the sentence on the family that fooled the visitor most, with its rounds and the number of pairs compared. */
export function mostOf(rows) {
  const seen = rows.filter(({ n }) => n > 0);
  if (seen.length < 2) return [null];
  if (seen.every(({ wrong }) => wrong === 0)) return ["unfooled"];
  const [first] = seen.toSorted((a, b) => b.wrong / b.n - a.wrong / a.n);
  const winners = bestOf(seen.map(({ wrong, n }) => ofShare(wrong, n)));
  const [low, high] = wilson(first.wrong, first.n);
  const found = { ...first, low, high, pairs: (seen.length * (seen.length - 1)) / 2 };
  return winners.length === 1 ? ["most", { ...found, ...seen[winners[0]] }] : ["unclear", found];
}
