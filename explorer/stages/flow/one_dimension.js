/** A density of one number, pushed through a rising curve: the rational-quadratic spline of a flow's coupling. */

import { Spline } from "./bijections.js";
import { placesOf } from "./hermite.js";

/** Bound on the bend of the curve, both ways. */
export const REACH = 3;

/** Least rise from one knot to the next. */
export const GAP = 0.05;

const WIDE = 2; // the uniform density reaches from −WIDE to WIDE
const STEPS = 8000;

/** The densities to choose from, p(x), and how far from the middle they reach but for less than 10⁻¹⁴. */
export const BASES = {
  gaussian: { of: (x) => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI), far: 8 },
  uniform: { of: (x) => (Math.abs(x) < WIDE ? 1 / (2 * WIDE) : 0), far: WIDE },
};

/** Values that rise from each to the next within the reach: what would not is pushed up, at the top end down. */
export function rising(values) {
  const out = [...values];
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i], out[i - 1] + GAP);
  for (let i = out.length - 1, most = REACH; i >= 0; i--, most = out[i + 1] - GAP) out[i] = Math.min(out[i], most);
  return out;
}

/**
 * The curve through rising values; the slope at a knot is the harmonic mean of those beside it, which is never zero.
 */
export function curveThrough(values) {
  const xs = placesOf(values.length, REACH);
  const rises = values.slice(1).map((value, i) => (value - values[i]) / (xs[i + 1] - xs[i]));
  const slopes = values.map((_, i) => {
    const [before, after] = [rises[i - 1] ?? rises[i], rises[i] ?? rises[i - 1]];
    return (2 * before * after) / (before + after);
  });
  return new Spline(xs, values, slopes);
}

/** p(y) of y = f(x): p(x) ÷ f′(x) at the inverse image x. */
export function pushed(curve, base) {
  return (y) => {
    const x = curve.inverse(y);
    return BASES[base].of(x) * Math.exp(-curve.forward(x)[1]);
  };
}

/** The area under the pushed density, summed over even steps of y; the curve is asked only for its inverse. */
export function areaUnder(curve, base) {
  const density = pushed(curve, base);
  const { far } = BASES[base];
  const [low, high] = [-far, far].map((x) => curve.forward(x)[0]);
  const step = (high - low) / STEPS;
  let sum = 0;
  for (let i = 0; i < STEPS; i++) sum += density(low + (i + 0.5) * step);
  return sum * step;
}

/** Flattest and steepest place of the curve between −reach and reach: {x, slope} each. */
export function extremes(curve, reach) {
  const found = placesOf(601, reach).map((x) => ({ x, slope: Math.exp(curve.forward(x)[1]) }));
  const best = (better) => found.reduce((a, b) => (better(b.slope, a.slope) ? b : a));
  return { flattest: best((a, b) => a < b), steepest: best((a, b) => a > b) };
}
