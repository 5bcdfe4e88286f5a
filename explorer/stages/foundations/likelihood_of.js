/** The likelihood of a Gaussian on three numbers, the prior of its mean, and the cross-entropy of two tables. */

import { logNormal } from "./normal.js";
import { sum } from "../kit/base/sums.js";

export const DATA = [2, 3, 5];
export const OUTCOMES = ["sun", "cloud", "rain", "snow"];
/** True frequency of each outcome. */
export const TRUE = [0.5, 0.25, 0.125, 0.125];

/** log N(x; μ, σ²) of each x. */
export const termsOf = (mu, sigma) => DATA.map((x) => logNormal(x, mu, sigma));

export const logLikelihood = (mu, sigma) => sum(termsOf(mu, sigma));

/** Penalty of a prior N(0, τ²) of μ, but for a constant: an L2 penalty of 1 ÷ 2τ². */
export const penalty = (mu, tau) => mu ** 2 / (2 * tau ** 2);

export const MEAN = sum(DATA) / DATA.length;

/** The σ of most likelihood for a μ. */
export const bestSigma = (mu) => Math.sqrt(sum(DATA.map((x) => (x - mu) ** 2)) / DATA.length);

/** The μ where the likelihood times the prior is greatest. */
export const mapOf = (sigma, tau) => sum(DATA) / (DATA.length + (sigma / tau) ** 2);

/** H(p, q) = H(p) + KL(p ‖ q) in nats, with the term of each outcome. */
export function crossEntropy(p, q) {
  const terms = p.map((each, i) => -each * Math.log(q[i]));
  const own = p.map((each) => -each * Math.log(each));
  const over = p.map((each, i) => each * Math.log(each / q[i]));
  return { terms, over, cross: sum(terms), entropy: sum(own), kl: sum(over) };
}
