/** Data and followed point, shared by the modes of the plane. */

import { netOfPlane } from "../kit/plane/points.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { SPACES } from "../spaces/spaces.js";

const FIRST = 3; // of the test points, which is followed at first

/** Test points of the data set in use: x0, y0, x1, y1, … */
export const dataOf = (ctx) => SPACES.plane.read(fromBase64(netOfPlane(ctx).points));

/** The point that is followed: a test point until the visitor takes another. */
export function pointOf(ctx) {
  const { x } = ctx.store.get();
  return x ?? [...dataOf(ctx).subarray(2 * FIRST, 2 * FIRST + 2)].map((value) => Number(value.toFixed(2)));
}
