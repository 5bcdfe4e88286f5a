/** The choice of a data set of points, in modes that are about the plane alone. */

import { h } from "../base/dom.js";
import { segmented } from "../panel/parts.js";
import { SPACES } from "../../spaces/spaces.js";
import { fromBase64 } from "./tensors.js";

/** The networks of points, by name. */
const ofPlane = (ctx) => Object.entries(ctx.value().nets).filter(([, { points }]) => points);

/** The network in use; where that is one of images, the first of points, which will be taken. */
export function netOfPlane(ctx) {
  const [name, first] = ofPlane(ctx)[0];
  return ctx.net().points ? ctx.net() : { name, ...first };
}

/** Test points of its data set: x0, y0, x1, y1, … */
export const dataOf = (ctx) => SPACES.plane.read(fromBase64(netOfPlane(ctx).points));

/** The choice; where the network in use is one of images, the first of points is taken and `words` say so. */
export function createPoints(ctx, words) {
  const choose = (net) => ctx.store.commit({ net });
  const choice = segmented("Points", ofPlane(ctx).map(([name, { of }]) => [name, of]), choose);

  function update() {
    if (!ctx.net().points) {
      ctx.store.set({ net: netOfPlane(ctx).name });
      ctx.say(words);
    }
    choice.set(ctx.store.get().net);
  }

  return { element: h("div", { class: "control" }, h("span", { class: "label" }, "Points"), choice), update };
}
