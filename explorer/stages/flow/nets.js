/** Which data set of the plane is in use, and the flows of it that have been read. */

import { segmented } from "../kit/parts.js";
import { openFlows } from "./plane_flow.js";

const UNREADABLE = "The flows of these points cannot be read. What you see stays; try again in a moment.";
const NO_PLANE = "A flow of images has no plane to look at, so the two moons are shown.";

/** The networks of points, by name. */
const ofPlane = (ctx) => Object.entries(ctx.value().nets).filter(([, { points }]) => points);

/** The choice among them; `update()` shows it, and chooses the first where the network in use is one of images. */
export function createPoints(ctx) {
  const choose = (net) => ctx.store.set({ net }, { commit: true });
  const element = segmented("Points", ofPlane(ctx).map(([name, { title }]) => [name, title]), choose);
  function update() {
    if (!ctx.net().points) {
      ctx.store.set({ net: ofPlane(ctx)[0][0] });
      ctx.say(NO_PLANE);
    }
    element.set(ctx.store.get().net);
  }
  return { element, update };
}

/** What has been read of the flows; `wanted()` gives the one in use, or null until it is there. */
export class Flows {
  constructor(ctx) {
    Object.assign(this, { ctx, files: new Map(), flows: new Map(), asked: new Set() });
  }

  wanted() {
    const { net, curve, depth } = this.ctx.store.get();
    const key = `${net} ${curve}-${depth}`;
    if (!this.flows.has(key) && !this.asked.has(key)) this.read(key, net, curve, depth);
    return this.flows.get(key) ?? null;
  }

  async read(key, net, curve, depth) {
    const { ctx, files } = this;
    const { weights, error } = ctx.net();
    this.asked.add(key);
    try {
      if (!weights) throw new Error(error ?? `${net} has no flows of points`);
      if (!files.has(net)) files.set(net, openFlows(`${ctx.base}${weights}`));
      const file = await files.get(net);
      this.flows.set(key, await file.read(curve, depth));
      ctx.refresh("flow");
    } catch (problem) {
      console.warn(net, problem.message);
      files.delete(net);
      ctx.say(error ?? UNREADABLE, "error");
      setTimeout(() => this.asked.delete(key), AGAIN_MS);
    }
  }
}

const AGAIN_MS = 3000;
