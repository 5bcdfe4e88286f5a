/** Measurements of the card, read at any β. */

import { bracket } from "./bracket.js";

/**
 * Distortion and rate at β, in nats, from the measured curve; null where nothing was measured or the rate is undefined.
 */
export function rates(entry, beta) {
  const curve = entry.curve ?? [];
  if (beta === 0) return { distortion: entry.beta_zero?.distortion ?? null, rate: null };
  if (!curve.length) return { distortion: null, rate: null };
  const [k, t] = bracket(curve.map((point) => point.beta), beta);
  const [from, to] = [curve[k], curve[k + 1] ?? curve[k]];
  const between = (key) => from[key] + t * (to[key] - from[key]);
  return { distortion: between("distortion"), rate: between("rate") };
}

export const betaName = (beta) => `β = ${formatBeta(beta)}`;

/** β with three significant digits and no trailing noise. */
export function formatBeta(beta) {
  if (beta === 0) return "0";
  return beta >= 100
    ? beta.toFixed(0)
    : beta >= 10
    ? beta.toFixed(1)
    : beta >= 1
    ? beta.toFixed(2)
    : beta.toFixed(beta >= 0.1 ? 3 : 4);
}
