/** The networks of points, one for each coupling of a data set. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { Weights } from "../kit/plane/weights.js";
import { SPACES } from "../spaces/spaces.js";
import { readVelocities } from "./velocity_net.js";

/** The couplings and their titles, as the panel offers them. */
export const couplingsOf = (ctx) =>
  ctx.value().panels.paths.controls.flat().find(({ key }) => key === "coupling").options;

/** `wanted()` gives the networks of the data set in use, by coupling, or null until they are there. */
export function createNets(ctx) {
  const names = couplingsOf(ctx).map(([name]) => name);
  const about = () => ({ ...ctx.net(), key: ctx.store.get().net });
  return new Weights(ctx, about, (url) => readVelocities(url, names));
}

/** Test points of the data set in use: x0, y0, x1, y1, … */
export const dataOf = (ctx) => SPACES.plane.read(fromBase64(ctx.net().points));
