/** Followed point, shared by the modes of the plane. */

import { dataOf } from "../kit/plane/points.js";

const FIRST = 3; // of the test points, which is followed at first

/** The point that is followed: a test point until the visitor takes another. */
export function pointOf(ctx) {
  const { x } = ctx.store.get();
  return x ?? [...dataOf(ctx).subarray(2 * FIRST, 2 * FIRST + 2)].map((value) => Number(value.toFixed(2)));
}
