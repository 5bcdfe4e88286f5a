/** Sentences, with the numbers of the model on screen. */

import { rates } from "./card.js";

const COLLAPSED = 0.05; // nats

/** Spread of the codes, beside that of the prior. */
export function describeCloud(ctx, beta) {
  const { spread, width, furthest, count } = cloud(ctx.map.points());
  const sides = `${spread[0].toFixed(2)} × ${spread[1].toFixed(2)}`;
  if (beta === 0) {
    return (
      `β = 0 is a plain autoencoder: z = μ, no noise, no KL term. Its ${count} codes spread ${sides} and reach ` +
      `${furthest.toFixed(1)} from the origin; nothing asks them to look like the prior, which is 1 × 1.`
    );
  }
  const { rate } = rates(ctx.net(), beta);
  if (rate !== null && rate <= COLLAPSED) {
    return (
      `Posterior collapse: the rate is ${rate.toFixed(2)} nats. All ${count} means lie within ` +
      `${furthest.toFixed(2)} of the ` +
      `origin and every posterior is as wide as the prior (σ = ${width.toFixed(2)}), so z tells next ` +
      "to nothing of an image."
    );
  }
  return (
    `The codes have standard deviations ${spread[0].toFixed(2)} and ${spread[1].toFixed(2)}. The prior has 1 and 1. ` +
    `A single posterior typically has ${width.toPrecision(2)}.`
  );
}

/** Classes of the codes near the cursor. */
export function describeCursor({ count, radius, most }) {
  if (!count) return `No code lies within ${radius} of the cursor; the decoder answers all the same.`;
  const share = `${count === 1 ? "a" : most.count === count ? "all of them" : `${most.count} of them`} ` +
    `“${most.name}”`;
  return `${count === 1 ? "One code lies" : `${count} codes lie`} within ${radius} of the cursor, ${share}.`;
}

/** Sentence on the rate and the distortion. */
export function describeRate(ctx, beta) {
  const { rate, distortion } = rates(ctx.net(), beta);
  if (distortion === null) return null;
  if (rate === null) {
    return ctx.net().prior ?? `The rate is undefined here; the distortion is ${distortion.toFixed(1)} nats.`;
  }
  return `A code costs ${rate.toFixed(2)} nats (${(rate / Math.LN2).toFixed(1)} bits) an image; ` +
    `the reconstruction costs ${distortion.toFixed(0)} nats.`;
}

/** The spread of all posteriors taken together, their typical width, and the furthest mean. */
function cloud({ mu, sigma }) {
  const count = mu.length / 2;
  const sums = { mean: [0, 0], square: [0, 0], log: 0, furthest: 0 };
  for (let i = 0; i < count; i++) {
    for (const axis of [0, 1]) {
      const [m, s] = [mu[2 * i + axis], sigma[2 * i + axis]];
      sums.mean[axis] += m / count;
      sums.square[axis] += (m * m + s * s) / count;
      sums.log += Math.log(s) / (2 * count);
    }
    sums.furthest = Math.max(sums.furthest, Math.hypot(mu[2 * i], mu[2 * i + 1]));
  }
  const spread = sums.mean.map((mean, axis) => Math.sqrt(sums.square[axis] - mean * mean));
  return { spread, width: Math.exp(sums.log), furthest: sums.furthest, count: count.toLocaleString("en") };
}
