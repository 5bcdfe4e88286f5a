/** The networks of points that have been read, one for each coupling of a data set. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { SPACES } from "../spaces/spaces.js";
import { readVelocities } from "./velocity_net.js";

export const NO_PLANE = "Flow matching of images has no plane to look at, so the two moons are shown.";
export const COUPLINGS = [
  ["independent", "independent"],
  ["ot", "minibatch OT"],
  ["reflow-1", "reflow, once"],
  ["reflow-2", "reflow, twice"],
];
const UNREADABLE = "The networks of these points cannot be read. What you see stays; try again in a moment.";
const AGAIN_MS = 3000;

/** `wanted()` gives the networks of the data set in use, by coupling, or null until they are there. */
export class Nets {
  constructor(ctx) {
    Object.assign(this, { ctx, found: new Map(), asked: new Set() });
  }

  wanted() {
    const { net } = this.ctx.store.get();
    if (!this.found.has(net) && !this.asked.has(net)) this.read(net);
    return this.found.get(net) ?? null;
  }

  async read(net) {
    const { ctx } = this;
    const { weights, error } = ctx.net();
    this.asked.add(net);
    try {
      if (!weights) throw new Error(error ?? `${net} has no networks of points`);
      this.found.set(net, await readVelocities(`${ctx.base}${weights}`, COUPLINGS.map(([name]) => name)));
      ctx.refresh("nets");
    } catch (problem) {
      console.warn(net, problem.message);
      ctx.say(error ?? UNREADABLE, "error");
      setTimeout(() => this.asked.delete(net), AGAIN_MS);
    }
  }
}

/** Test points of the data set in use: x0, y0, x1, y1, … */
export const dataOf = (ctx) => SPACES.plane.read(fromBase64(ctx.net().points));
