/** Ways from one latent point to another. */

/** @param {number[]} a @param {number[]} b @param {number} t */
export function straight(a, b, t) {
  return a.map((value, i) => value + t * (b[i] - value));
}

/**
 * Turns at a constant rate from a to b while the length goes linearly; straight where the angle is 0 or undefined.
 * @param {number[]} a @param {number[]} b @param {number} t
 */
export function spherical(a, b, t) {
  const [ra, rb] = [Math.hypot(...a), Math.hypot(...b)];
  const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (ra * rb);
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return straight(a, b, t);
  const [wa, wb] = [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  const radius = ra + t * (rb - ra);
  return a.map((value, i) => radius * ((wa * value) / ra + (wb * b[i]) / rb));
}
