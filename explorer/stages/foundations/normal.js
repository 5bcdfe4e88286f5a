/** Gaussians of one number. */

const LOG_TAU = Math.log(2 * Math.PI);

/** log N(x; mean, sd²). */
export const logNormal = (x, mean, sd) => -(((x - mean) / sd) ** 2) / 2 - Math.log(sd) - LOG_TAU / 2;

/** N(x; mean, sd²). */
export const normal = (x, mean, sd) => Math.exp(logNormal(x, mean, sd));

/** log(e^a + e^b + …), also where each of them is too small for a number. */
export function logSumExp(values) {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return most === -Infinity ? most : most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/** Even places from `low` to `high`, both among them. */
export const places = (low, high, count) =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
