/** One affine coupling of two numbers, or two, with curves that a visitor bends: there, back, and the Jacobian. */

import { Hermite, placesOf } from "./hermite.js";

/** Bound on the bend of the curves. */
export const REACH = 3;

const MOVED = { one: [1], same: [1, 1], turns: [1, 0] };

export class HandCoupling {
  /** `s` and `t` are values at even places; `mask` says which number each coupling bends. */
  constructor({ s, t, mask, nice }) {
    const xs = placesOf(s.length, REACH);
    this.s = new Hermite(xs, nice ? s.map(() => 0) : s);
    this.t = new Hermite(xs, t);
    this.moved = MOVED[mask];
  }

  /**
   * y of a point, with what each coupling did on the way: s, t and its Jacobian [[∂y₁/∂x₁, ∂y₁/∂x₂], [∂y₂/∂x₁,
   * ∂y₂/∂x₂]]; `jacobian` is the product of these.
   */
  forward(x) {
    const steps = [];
    let [y, jacobian] = [x, [[1, 0], [0, 1]]];
    for (const moved of this.moved) {
      const [[s, ds], [t, dt]] = [this.s, this.t].map((curve) => curve.at(y[1 - moved]));
      const stretched = Math.exp(s) * y[moved];
      const across = stretched * ds + dt;
      const own = moved ? [[1, 0], [across, Math.exp(s)]] : [[Math.exp(s), across], [0, 1]];
      y = moved ? [y[0], stretched + t] : [stretched + t, y[1]];
      jacobian = product(own, jacobian);
      steps.push({ moved, s, t, jacobian: own });
    }
    return { y, steps, jacobian, logDet: steps.reduce((sum, { s }) => sum + s, 0) };
  }

  /** y of many points x0, y0, x1, y1, … */
  forwardAll(points) {
    return this.bend(points, this.moved, (value, s, t) => Math.exp(s) * value + t);
  }

  /** The inverse images of points: s and t are evaluated again, and never inverted. */
  inverseAll(points) {
    return this.bend(points, [...this.moved].reverse(), (value, s, t) => (value - t) * Math.exp(-s));
  }

  bend(points, moves, of) {
    const out = Float64Array.from(points);
    for (const moved of moves) {
      for (let i = 0; i < out.length; i += 2) {
        const other = out[i + 1 - moved];
        out[i + moved] = of(out[i + moved], this.s.at(other)[0], this.t.at(other)[0]);
      }
    }
    return out;
  }
}

const product = (a, b) => a.map((row) => [0, 1].map((j) => row[0] * b[0][j] + row[1] * b[1][j]));

/** The area within a closed line of points (the shoelace formula). */
export function areaOf(line) {
  let sum = 0;
  for (let i = 0; i < line.length; i += 2) {
    const [x, y] = [line[(i + 2) % line.length], line[(i + 3) % line.length]];
    sum += line[i] * y - x * line[i + 1];
  }
  return Math.abs(sum) / 2;
}

/** The edge of a square around a point, so finely that it can be bent. */
export function squareAround([x, y], side, along = 40) {
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
  return Float64Array.from(
    corners.flatMap(([a, b], k) => {
      const [c, d] = corners[(k + 1) % 4];
      return Array.from({ length: along }, (_, i) => i / along).flatMap((share) => [
        x + (side / 2) * (a + share * (c - a)),
        y + (side / 2) * (b + share * (d - b)),
      ]);
    }),
  );
}
