/** p(x) of a model with one latent number, exactly and by weighted draws: z has N(0, 1), and x has N(z, noise²). */

import { gaussians } from "../kit/plane/random.js";
import { logNormal, logSumExp } from "./normal.js";
import { sum } from "../kit/base/sums.js";

export const PRIOR = { mean: 0, sd: 1 };

export const exactLogP = (x, noise) => logNormal(x, 0, Math.hypot(1, noise));

export const posteriorOf = (x, noise) => ({ mean: x / (1 + noise ** 2), sd: noise / Math.hypot(1, noise) });

/** True if the weights of draws from a proposal have a variance: it has to be wide enough for the posterior's sides. */
export const isWide = ({ sd }, posterior) => sd ** 2 > posterior.sd ** 2 / 2;

/** log p(x | z) p(z) ÷ q(z) of z = mean + sd · e for each e of the noise. */
function logWeights({ x, noise }, { mean, sd }, standard) {
  return standard.map((e) => {
    const z = mean + sd * e;
    return logNormal(x, z, noise) + logNormal(z, PRIOR.mean, PRIOR.sd) - logNormal(z, mean, sd);
  });
}

/**
 * Statistics of log weights: the logarithm of their mean, the standard error of that mean, and the effective sample
 * size.
 */
function estimate(logs) {
  const count = logs.length;
  const log = logSumExp(logs) - Math.log(count);
  const shares = logs.map((each) => Math.exp(each - log)); // of the mean: they are 1 on average
  const spread = count > 1 ? Math.sqrt(sum(shares.map((each) => (each - 1) ** 2)) / (count - 1)) : NaN;
  const ess = count ** 2 / sum(shares.map((each) => each ** 2));
  return { log, se: (Math.exp(log) * spread) / Math.sqrt(count), ess };
}

/**
 * Estimates of repeated experiments, each with the same number of draws from each of the proposals, which share their
 * noise.
 */
export function repeated(model, proposals, { draws, seed, times }) {
  const next = gaussians(seed);
  const found = proposals.map(() => []);
  for (let i = 0; i < times; i++) {
    const standard = Array.from({ length: draws }, next);
    proposals.forEach((proposal, k) => found[k].push(estimate(logWeights(model, proposal, standard))));
  }
  return found;
}

/** The mean of numbers and its standard error. */
export function meanOf(values) {
  const mean = sum(values) / values.length;
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1);
  return { mean, se: Math.sqrt(variance / values.length) };
}

/**
 * Number of values in each of the even bins, and of those before the first.
 * @param {number[]} values @param {Ends} ends @param {number} bins
 */
export function counted(values, [low, high], bins) {
  const counts = new Array(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return { counts, before: values.filter((value) => value < low).length };
}
