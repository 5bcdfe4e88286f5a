/** The χ² distribution: how long a Gaussian z is, as ‖z‖², in k dimensions. */

/** log Γ(x) for x of at least 10, by Stirling's series: the next term is below 10⁻¹⁰ there. */
const logGamma = (x) =>
  (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);

/** Its density at x > 0, for k of at least 20. */
export const chiSquared = (x, k) =>
  Math.exp((k / 2 - 1) * Math.log(x) - x / 2 - (k / 2) * Math.log(2) - logGamma(k / 2));
