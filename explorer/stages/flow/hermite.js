/** A smooth curve through points that a visitor drags: cubic Hermite pieces with the slopes of Catmull and Rom. */

/** Places evenly spread from −`reach` to `reach`. */
export const placesOf = (count, reach) =>
  Array.from({ length: count }, (_, i) => Number((reach * ((2 * i) / (count - 1) - 1)).toFixed(6)));

/** Level beyond its ends. */
export class Hermite {
  /** @param {number[]} xs @param {number[]} ys */
  constructor(xs, ys) {
    const last = xs.length - 1;
    this.xs = xs;
    this.ys = ys;
    this.slopes = ys.map((_, i) => (0 < i && i < last ? (ys[i + 1] - ys[i - 1]) / (xs[i + 1] - xs[i - 1]) : 0));
  }

  /** The value and the slope at x. */
  at(x) {
    const { xs, ys, slopes } = this;
    const last = xs.length - 1;
    if (x <= xs[0]) return [ys[0], 0];
    if (x >= xs[last]) return [ys[last], 0];
    let k = 0;
    while (x >= xs[k + 1]) k++;
    const wide = xs[k + 1] - xs[k];
    const u = (x - xs[k]) / wide;
    const [rise, m0, m1] = [ys[k + 1] - ys[k], wide * slopes[k], wide * slopes[k + 1]];
    const [b, c] = [3 * rise - 2 * m0 - m1, m0 + m1 - 2 * rise];
    return [ys[k] + u * (m0 + u * (b + u * c)), (m0 + u * (2 * b + 3 * u * c)) / wide];
  }
}
