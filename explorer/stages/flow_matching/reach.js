/** How near points come to data: their energy distance, and the share of them where there are none. */

import { densityAt } from "../kit/mixture.js";

/** Where the known density is lower there are hardly any data (`explorer/measures/plane_flow.py`). */
const EMPTY = 1e-3;

/**
 * The root of 2 E‖a − b‖ − E‖a − a′‖ − E‖b − b′‖ of points x0, y0, …, 0 where that is estimated below it (Székely &
 * Rizzo 2013).
 */
export function distance(a, b) {
  const [n, m] = [a.length / 2, b.length / 2];
  const squared = 2 * total(a, b) / (n * m) - total(a, a) / (n * (n - 1)) - total(b, b) / (m * (m - 1));
  return Math.sqrt(Math.max(0, squared));
}

function total(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) {
    for (let k = 0; k < b.length; k += 2) sum += Math.sqrt((a[i] - b[k]) ** 2 + (a[i + 1] - b[k + 1]) ** 2);
  }
  return sum;
}

/** The share of points where a mixture's density is below `EMPTY`. */
export function shareOff(points, mixture) {
  let off = 0;
  for (let i = 0; i < points.length; i += 2) {
    off += densityAt(mixture, points[i], points[i + 1]).logP < Math.log(EMPTY) ? 1 : 0;
  }
  return off / (points.length / 2);
}
