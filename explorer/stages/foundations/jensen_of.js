/** Jensen's inequality for the logarithm of two values. */

/** The mean of two values, its logarithm, the mean of their logarithms, what lies between, and its guess by the spread. */
export function jensen(a, b, w) {
  const mean = w * a + (1 - w) * b;
  const above = Math.log(mean);
  const below = w * Math.log(a) + (1 - w) * Math.log(b);
  const variance = w * (1 - w) * (a - b) ** 2;
  return { mean, above, below, gap: above - below, guess: variance / (2 * mean ** 2) };
}
