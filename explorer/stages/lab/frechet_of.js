/** The Fréchet distance of two Gaussians of the plane, and sets of points with given moments but different shapes. */

import { gaussians, uniforms } from "../kit/plane/random.js";

const COUNT = 240; // points of a set
const LEAN = 0.85; // of all points, in the larger of two uneven clusters

/** The covariance [xx, xy, yy] of a Gaussian with two widths, turned by degrees. */
export function covarianceOf(wide, narrow, turn) {
  const [cos, sin] = [Math.cos, Math.sin].map((of) => of((turn * Math.PI) / 180));
  const [a, b] = [wide ** 2, narrow ** 2];
  return [a * cos * cos + b * sin * sin, (a - b) * cos * sin, a * sin * sin + b * cos * cos];
}

/** Both terms: the square of the distance of the means, and that of the covariances [xx, xy, yy]. */
export function frechetTerms(mean, covariance, otherMean, other) {
  const means = (mean[0] - otherMean[0]) ** 2 + (mean[1] - otherMean[1]) ** 2;
  const [[a, b, c], [d, e, f]] = [covariance, other];
  const product = a * d + 2 * b * e + c * f; // the trace of Σ Σ′
  const determinant = Math.max(0, (a * c - b * b) * (d * f - e * e));
  const root = Math.sqrt(product + 2 * Math.sqrt(determinant)); // the trace of the root of a 2 × 2 matrix
  return { means, covariances: Math.max(0, a + c + d + f - 2 * root) };
}

const SHAPES = {
  gaussian: (gaussian) => [gaussian(), gaussian()],
  ring: (gaussian, uniform) => {
    const angle = 2 * Math.PI * uniform();
    return [Math.cos(angle) + 0.05 * gaussian(), Math.sin(angle) + 0.05 * gaussian()];
  },
  two: (gaussian, uniform) => [(uniform() < 0.5 ? -1 : 1) + 0.1 * gaussian(), gaussian()],
  uneven: (gaussian, uniform) => [(uniform() < LEAN ? 0 : 3) + 0.2 * gaussian(), gaussian()],
};

/** Points of a shape, whose mean is exactly 0 and whose covariance is exactly the identity. */
export function standardPoints(shape, seed) {
  const [gaussian, uniform] = [gaussians(seed), uniforms(seed + 1)];
  const points = Array.from({ length: COUNT }, () => SHAPES[shape](gaussian, uniform));
  const mean = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / COUNT);
  const centred = points.map(([x, y]) => [x - mean[0], y - mean[1]]);
  const moment = (one, two) => centred.reduce((sum, point) => sum + point[one] * point[two], 0) / COUNT;
  const [xx, xy, yy] = [moment(0, 0), moment(0, 1), moment(1, 1)];
  const left = Math.sqrt(xx);
  const rest = Math.sqrt(yy - (xy * xy) / xx);
  return centred.map(([x, y]) => [x / left, (y - (xy / xx) * x) / rest]);
}

/** The same points with another mean, widths and direction. */
export function placed(points, mean, wide, narrow, turn) {
  const [cos, sin] = [Math.cos, Math.sin].map((of) => of((turn * Math.PI) / 180));
  return points.map(([x, y]) => [
    mean[0] + cos * wide * x - sin * narrow * y,
    mean[1] + sin * wide * x + cos * narrow * y,
  ]);
}

/** The squared maximum mean discrepancy of two sets of points, by the kernel (a · b / 2 + 1)³. */
export function kernelDistance(one, two) {
  const mean = (a, b) => {
    let sum = 0;
    for (const [x, y] of a) for (const [u, v] of b) sum += ((x * u + y * v) / 2 + 1) ** 3;
    return sum / (a.length * b.length);
  };
  return Math.max(0, mean(one, one) + mean(two, two) - 2 * mean(one, two));
}
