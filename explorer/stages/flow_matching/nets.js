/** The networks of points, one for each coupling of a data set. */

import { netOfPlane } from "../kit/plane/points.js";
import { wantedWeights } from "../kit/plane/weights.js";
import { readVelocities } from "./velocity_net.js";

/** The couplings and their titles, as the panel offers them. */
export const couplingsOf = (ctx) =>
  ctx.value().panels.paths.controls.flat().find(({ key }) => key === "coupling").options;

/** The networks of the data set in use, by coupling: a signal, null until they are there. */
export function wantedNets(self) {
  const { ctx } = self;
  const names = couplingsOf(ctx).map(([name]) => name);
  return wantedWeights(self, () => {
    const net = netOfPlane(ctx);
    return { ...net, key: net.name };
  }, (url) => readVelocities(url, names));
}
