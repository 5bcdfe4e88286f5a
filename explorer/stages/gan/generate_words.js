/** Which classes are mixed between the codes of several images. */

import { percent } from "../kit/shell/format.js";
import { withArticle } from "../kit/shell/parts.js";

/** What A, B and C weigh at a place of the plane. */
const weightsAt = (u, v) => [1 - u - v, u, v];

/** Which classes are mixed where codes are, and in which shares: [[name, share], …], largest first. */
function sharesOf(weights, names) {
  const positive = weights.map((weight) => Math.max(0, weight));
  const total = positive.reduce((sum, weight) => sum + weight, 0);
  const shares = new Map();
  names.forEach((name, k) => shares.set(name, (shares.get(name) ?? 0) + positive[k] / total));
  return [...shares].filter(([, share]) => share >= 0.005).sort(([, a], [, b]) => b - a);
}

/** “a 7”, or “60 % 7, 40 % 1” where classes are mixed. */
function mixture(weights, names) {
  const shares = sharesOf(weights, names);
  return shares.length === 1
    ? withArticle(shares[0][0])
    : shares.map(([name, share]) => `${percent(share)} ${name}`).join(", ");
}

export const planeMixture = (u, v, names) => mixture(weightsAt(u, v), names);

export const pathMixture = (place, names) => mixture([1 - place, place], names);
