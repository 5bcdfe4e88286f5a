/** The image that the network draws with the seed, class and temperature on screen: asked for once, shared by the modes. */

import { toBase64 } from "../shared/tensors.js";
import { Trace } from "./trace.js";

const KEPT = 24;

export class Drawn {
  constructor(ctx) {
    this.ctx = ctx;
    this.answers = new Map();
    this.details = new Map();
    this.latest = null;
  }

  /** What Python is asked for. */
  get request() {
    const { net, seed, grid, label, T, order } = this.ctx.store.get();
    const { classes, family } = this.ctx.net();
    return { net, seed, count: grid, label: classes.length ? label : null, temperature: T, order: family === "made" ? order : 0 };
  }

  get key() {
    return JSON.stringify(this.request);
  }

  /** Which image of them is watched. */
  get index() {
    const { grid, tap } = this.ctx.store.get();
    return grid === 1 ? 0 : tap;
  }

  /** The answer to what is asked for now, if it is here. */
  get trace() {
    const entry = this.answers.get(this.key);
    return entry instanceof Trace ? entry : null;
  }

  /** Resolves to the trace of every image drawn, or to null where there is no answer or it is no longer wanted. */
  get() {
    const { request, key } = this;
    const net = this.ctx.net();
    if (this.latest !== key && !this.trace) this.answers.delete(key); /* on its way, but overtaken by another since */
    this.latest = key;
    return this.remember(this.answers, key, async () => {
      const answer = await this.ctx.ask("generate", request);
      return answer && new Trace(answer, net);
    });
  }

  /** Resolves to the trace of the image that is watched, with the distribution of every pixel. */
  async watched() {
    const { request, key, index } = this;
    const all = await this.get();
    if (!all || index === 0) return all;
    const { net, label, order } = request;
    const argument = { net, label, order, picture: { pixels: toBase64(all.image(index)) } };
    return this.remember(this.details, `${key} ${index}`, async () => {
      const answer = await this.ctx.ask("trace", argument);
      return answer && new Trace(answer, all.net);
    });
  }

  async remember(map, key, work) {
    if (!map.has(key)) {
      const wanted = work();
      map.set(key, wanted);
      const found = await wanted;
      if (map.get(key) === wanted) {
        if (found) map.set(key, found);
        else map.delete(key);
      }
      if (map.size > KEPT) map.delete(map.keys().next().value);
      return found;
    }
    return map.get(key);
  }
}
