/**
 * One rule for every sentence that ranks, as `explorer/verdicts.py`: a difference counts if chance alone would exceed it
 * in at most 5 % of cases. Welch's test compares means of different items, the paired test means of the same items. Where
 * several pairs are compared, each is asked at 5 % divided by their number (Bonferroni).
 *
 * An estimate is `{ value, se, n }`: the mean of n independent measurements, and its standard error.
 */

import { mean, sum } from "./sums.js";

const LEVEL = 0.05;

/**
 * The mean of independent values; one value alone has an infinite standard error.
 * @param {Numbers} values @returns {Estimate}
 */
export function ofValues(values) {
  const [n, value] = [values.length, mean(values)];
  const variance = sum(values.map((each) => (each - value) ** 2)) / (n - 1);
  return { value, se: n > 1 ? Math.sqrt(variance / n) : Infinity, n };
}

/**
 * A share count / n, with one success and one failure added, so that 0 and 1 have an error, too (Agresti & Caffo).
 * @param {number} count @param {number} n @returns {Estimate}
 */
export function ofShare(count, n) {
  const value = (count + 1) / (n + 2);
  return { value, se: Math.sqrt((value * (1 - value)) / (n + 2)), n };
}

/**
 * The exact test of a fair coin: 1 if it fell on one side in more of n throws than chance allows, −1 if in fewer, else 0.
 * @param {number} count @param {number} n
 */
export function besideFair(count, n) {
  const choose = (k) => Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2);
  const rarer = Math.min(count, n - count);
  const tail = sum(Array.from({ length: rarer + 1 }, (_, k) => choose(k)));
  return 2 * tail <= LEVEL ? Math.sign(count - n / 2) : 0;
}

/**
 * Welch's test of two means: 1 if the first is measured to be larger, −1 if it is smaller, 0 for a tie.
 * @param {Estimate} one @param {Estimate} other
 */
export function compare(one, other, comparisons = 1) {
  return sign(one.value - other.value, Math.hypot(one.se, other.se), freedomOf(one, other), comparisons);
}

/** The same of values of the same items, in the same order. @param {number[]} ones @param {Numbers} others */
export function comparePairs(ones, others, comparisons = 1) {
  const gaps = ofValues(ones.map((value, i) => value - others[i]));
  return sign(gaps.value, gaps.se, gaps.n - 1, comparisons);
}

/**
 * Indices of the estimates that no other is measured to be better than: the winner, or all that tie with it.
 * @param {Estimate[]} estimates
 */
export function bestOf(estimates, least = false) {
  const pairs = Math.max(1, (estimates.length * (estimates.length - 1)) / 2);
  const beats = (one, other) => compare(one, other, pairs) === (least ? -1 : 1);
  return estimates.flatMap((each, i) => (estimates.some((other) => beats(other, each)) ? [] : [i]));
}

/**
 * The probability that Student's t with so many degrees of freedom exceeds |t| on either side.
 * @param {number} t @param {number} freedom
 */
export function studentP(t, freedom) {
  return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

function sign(difference, error, freedom, comparisons) {
  if (!Number.isFinite(error) || !(freedom > 0) || !difference) return 0;
  const p = error > 0 ? studentP(difference / error, Math.min(freedom, 1e5)) : 0;
  return p * comparisons <= LEVEL ? Math.sign(difference) : 0;
}

function freedomOf(one, other) {
  if (Math.min(one.n, other.n) <= 1) return 0;
  const below = sum([one, other].map(({ se, n }) => se ** 4 / (n - 1)));
  return below > 0 ? (one.se ** 2 + other.se ** 2) ** 2 / below : 1e5;
}

/**
 * The regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22).
 * @param {number} a @param {number} b @param {number} x @returns {number}
 */
function incompleteBeta(a, b, x) {
  if (x <= 0 || x >= 1) return Number(x >= 1);
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  let [fraction, numerator, denominator] = [1, 1, 0];
  for (let i = 0; i < 400; i++) {
    const term = termOf(i, a, b, x);
    denominator = 1 / (1 + term * denominator);
    numerator = 1 + term / numerator;
    fraction *= numerator * denominator;
    if (i && Math.abs(numerator * denominator - 1) < 1e-14) break;
  }
  const log = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(log) * (fraction - 1)) / a;
}

function termOf(i, a, b, x) {
  const m = Math.floor(i / 2);
  if (i % 2) return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  return i ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)) : 1;
}

/** The logarithm of the gamma function of a positive number: Stirling's series, after a shift to above 10. */
function logGamma(x) {
  let shift = 0;
  while (x < 10) shift -= Math.log(x++);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
