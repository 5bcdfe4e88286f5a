/** The known densities of the toys: mixtures of equal round Gaussians, which noise leaves mixtures. */

/**
 * The mixture once noised to ᾱ: its centres, and the variance of each Gaussian.
 * @param {{means: Point[], sigma: number}} data @param {number} alpha @returns {Mixture}
 */
export function noised({ means, sigma }, alpha) {
  const scale = Math.sqrt(alpha);
  return {
    xs: Float64Array.from(means, ([x]) => scale * x),
    ys: Float64Array.from(means, ([, y]) => scale * y),
    variance: alpha * sigma ** 2 + 1 - alpha,
  };
}

/** log p of the point in nats, and its gradient, the score. @param {Mixture} mixture @param {number} x @param {number} y */
export function densityAt({ xs, ys, variance }, x, y) {
  let nearest = Infinity;
  for (let k = 0; k < xs.length; k++) nearest = Math.min(nearest, (x - xs[k]) ** 2 + (y - ys[k]) ** 2);
  let [total, towardsX, towardsY] = [0, 0, 0];
  for (let k = 0; k < xs.length; k++) {
    const [dx, dy] = [xs[k] - x, ys[k] - y];
    const weight = Math.exp((nearest - dx * dx - dy * dy) / (2 * variance));
    total += weight;
    towardsX += weight * dx;
    towardsY += weight * dy;
  }
  const logP = Math.log(total / (xs.length * 2 * Math.PI * variance)) - nearest / (2 * variance);
  return { logP, score: [towardsX / (total * variance), towardsY / (total * variance)] };
}

/**
 * ε* = −√(1 − ᾱ) ∇log p at points x0, y0, x1, y1, …: what a perfect network would say.
 * @param {Mixture} mixture @param {number} alpha @param {ArrayLike<number>} points
 */
export function exactNoise(mixture, alpha, points) {
  const factor = -Math.sqrt(1 - alpha);
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const { score } = densityAt(mixture, points[i], points[i + 1]);
    out[i] = factor * score[0];
    out[i + 1] = factor * score[1];
  }
  return out;
}

/** log p at points x0, y0, x1, y1, …, in nats. @param {Mixture} mixture @param {ArrayLike<number>} points */
const logsAt = (mixture, points) =>
  Float64Array.from({ length: points.length / 2 }, (_, i) => densityAt(mixture, points[2 * i], points[2 * i + 1]).logP);

/**
 * The density at points, as a share of its largest value there.
 * @param {Mixture} mixture @param {ArrayLike<number>} points
 */
export function sharesAt(mixture, points) {
  const logs = logsAt(mixture, points);
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  return logs.map((value) => Math.exp(value - top));
}
