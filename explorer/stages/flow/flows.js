/** The flows of points that have been read: the one of a data set, a kind and a depth. */

import { openFlows } from "./plane_flow.js";

const UNREADABLE = "The flows of these points cannot be read. What you see stays; try again in a moment.";
const AGAIN_MS = 3000;

/** `wanted()` gives the flow in use, or null until it is there; then the context is refreshed. */
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
