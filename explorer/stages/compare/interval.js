/** An interval for a share of few: Wilson's. */

const Z = 1.959964; // 95 %

/**
 * The 95 % interval [low, high] of a probability of which `hits` of `n` tries are known.
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
