/** The networks of points, one for each coupling of a data set. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { wantedWeights } from "../kit/plane/weights.js";
import { SPACES } from "../spaces/spaces.js";
import { readVelocities } from "./velocity_net.js";

/** The couplings and their titles, as the panel offers them. */
export const couplingsOf = (ctx) =>
  ctx.value().panels.paths.controls.flat().find(({ key }) => key === "coupling").options;

/** The networks of the data set in use, by coupling: a signal, null until they are there. */
export function wantedNets(self) {
  const { ctx, state } = self;
  const names = couplingsOf(ctx).map(([name]) => name);
  return wantedWeights(self, () => ({ ...ctx.net(), key: state.net }), (url) => readVelocities(url, names));
}

/** Test points of the data set in use: x0, y0, x1, y1, … */
export const dataOf = (ctx) => SPACES.plane.read(fromBase64(ctx.net().points));
