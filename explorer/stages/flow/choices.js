/** What the modes of the plane have in common: the choice of a data set, and the point that is followed. */

import { h } from "../kit/dom.js";
import { segmented } from "../kit/parts.js";
import { fromBase64 } from "../kit/tensors.js";
import { SPACES } from "../spaces/spaces.js";

const NO_PLANE = "A flow of images has no plane to look at, so the two moons are shown.";
const FIRST = 3; // of the test points, which is followed at first

/** A control behind its name. */
export const named = (name, control) => h("div", { class: "row named" }, h("span", { class: "quiet" }, name), control);

/** The networks of points, by name. */
const ofPlane = (ctx) => Object.entries(ctx.value().nets).filter(([, { points }]) => points);

/** Test points of the data set in use: x0, y0, x1, y1, … */
export const dataOf = (ctx) => SPACES.plane.read(fromBase64(ctx.net().points));

/** The point that is followed: a test point until the visitor takes another. */
export function pointOf(ctx) {
  const { x } = ctx.store.get();
  return x ?? [...dataOf(ctx).subarray(2 * FIRST, 2 * FIRST + 2)].map((value) => Number(value.toFixed(2)));
}

/** The choice of a data set. */
export function createPoints(ctx) {
  const choose = (net) => ctx.store.set({ net }, { commit: true });
  const choice = segmented("Points", ofPlane(ctx).map(([name, { title }]) => [name, title]), choose);

  /** Shows it; chooses the first where the network in use is one of images. */
  function update() {
    if (!ctx.net().points) {
      ctx.store.set({ net: ofPlane(ctx)[0][0] });
      ctx.say(NO_PLANE);
    }
    choice.set(ctx.store.get().net);
  }

  return { element: h("div", { class: "chooser" }, named("Points", choice)), update };
}
