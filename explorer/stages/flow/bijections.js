/**
 * Monotone curves that transform a number in a coupling: those of `explorer/models/bijections.py`, for one number.
 *
 * `forward(x)` is [f(x), log f′(x)], and `inverse(y)` the x with f(x) = y.
 */

/** y = eˢ x + t. */
class Affine {
  /** @param {number} shift */
  constructor(shift, logScale = 0) {
    this.shift = shift;
    this.logScale = logScale;
  }

  forward(x) {
    return [x * Math.exp(this.logScale) + this.shift, this.logScale];
  }

  inverse(y) {
    return (y - this.shift) * Math.exp(-this.logScale);
  }
}

/** A rational-quadratic spline through knots (x, y) with a slope at each, straight on beyond the outer ones. */
export class Spline {
  /** @param {ArrayLike<number>} x @param {ArrayLike<number>} y @param {ArrayLike<number>} slopes */
  constructor(x, y, slopes) {
    this.x = x;
    this.y = y;
    this.slopes = slopes;
  }

  forward(x) {
    const last = this.x.length - 1;
    if (x <= this.x[0]) return [this.y[0] + this.slopes[0] * (x - this.x[0]), Math.log(this.slopes[0])];
    if (x >= this.x[last]) {
      return [this.y[last] + this.slopes[last] * (x - this.x[last]), Math.log(this.slopes[last])];
    }
    const { x0, y0, wide, high, s, d0, d1 } = this.bin(x, this.x);
    const xi = (x - x0) / wide;
    const bent = xi * (1 - xi);
    const denominator = s + (d0 + d1 - 2 * s) * bent;
    const slope = d1 * xi ** 2 + 2 * s * bent + d0 * (1 - xi) ** 2;
    const y = y0 + (high * (s * xi ** 2 + d0 * bent)) / denominator;
    return [y, 2 * Math.log(s) + Math.log(slope) - 2 * Math.log(denominator)];
  }

  inverse(y) {
    const last = this.y.length - 1;
    if (y <= this.y[0]) return this.x[0] + (y - this.y[0]) / this.slopes[0];
    if (y >= this.y[last]) return this.x[last] + (y - this.y[last]) / this.slopes[last];
    const { x0, y0, wide, high, s, d0, d1 } = this.bin(y, this.y);
    const eta = (y - y0) / high;
    const a = s - d0 + eta * (d0 + d1 - 2 * s);
    const b = d0 - eta * (d0 + d1 - 2 * s);
    const xi = (2 * s * eta) / (b + Math.sqrt(Math.max(0, b * b + 4 * a * s * eta)));
    return x0 + wide * xi;
  }

  /** The bin of a value among `knots`: where it begins, its sides, its mean slope and those at its ends. */
  bin(value, knots) {
    let k = 0;
    while (k < knots.length - 2 && value >= knots[k + 1]) k++;
    const { x, y, slopes } = this;
    const [wide, high] = [x[k + 1] - x[k], y[k + 1] - y[k]];
    return { x0: x[k], y0: y[k], wide, high, s: high / wide, d0: slopes[k], d1: slopes[k + 1] };
  }
}

/**
 * The x with (1 − share) x + share · f(x) = y, part of the way to a curve: by bisection between y and the inverse of
 * the whole curve.
 */
export function undoPart(curve, share, y) {
  const whole = curve.inverse(y);
  let [low, high] = [Math.min(y, whole), Math.max(y, whole)];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (middle + share * (curve.forward(middle)[0] - middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const HALVINGS = 50;
const BINS = 16;
const REACH = 4; // of a spline, which beyond it leaves what it bends as it is
const SLOPE = Math.log(1e3); // no spline is flatter than 1/1,000, or steeper than 1,000, in logarithms
const SCALE = Math.log(20); // and no affine curve stretches by more than 20

/** Count of numbers that define one curve of a kind. */
export const KINDS = { additive: 1, affine: 2, spline: 3 * BINS - 1 };

const softBounded = (value, bound) => value / (1 + Math.abs(value) / bound);

/** The curve of a kind that the numbers of `theta` from a place on say. */
export function curveOf(kind, theta, at = 0) {
  if (kind === "additive") return new Affine(theta[at]);
  if (kind === "affine") return new Affine(theta[at], softBounded(theta[at + 1], SCALE));
  const slopes = new Float64Array(BINS + 1).fill(1);
  for (let i = 1; i < BINS; i++) slopes[i] = Math.exp(softBounded(theta[at + 2 * BINS + i - 1], SLOPE));
  return new Spline(knots(theta, at), knots(theta, at + BINS), slopes);
}

/** Places from −`REACH` to `REACH` whose distances are shares by softmax. */
function knots(theta, at) {
  const out = new Float64Array(BINS + 1);
  let sum = 0;
  for (let i = 0; i < BINS; i++) out[i + 1] = sum += Math.exp(softBounded(theta[at + i], SLOPE / 2));
  for (let i = 0; i <= BINS; i++) out[i] = REACH * ((2 * out[i]) / sum - 1);
  return out;
}
