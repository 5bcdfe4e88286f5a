/**
 * The image that the network draws with the seed, class and temperature on screen: asked for once, shared by the modes.
 */

import { requestOf } from "../kit/panel/controls.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { Trace } from "./trace.js";

const KEPT = 24;

/** Questions of one kind, each asked once; only the newest is answered, and its trace is remembered. */
class Questions {
  constructor() {
    this.known = new Map();
    this.latest = null;
  }

  /** The trace that answered a question, if it is here. */
  found(key) {
    const entry = this.known.get(key);
    return entry instanceof Trace ? entry : null;
  }

  /** Resolves to the trace of `work`, or to null; asks again where another question has overtaken this one since. */
  async ask(key, work) {
    const { known } = this;
    if (this.latest !== key && !this.found(key)) known.delete(key);
    this.latest = key;
    if (known.has(key)) return known.get(key);
    const wanted = work();
    known.set(key, wanted);
    const found = await wanted;
    if (known.get(key) === wanted) {
      if (found) known.set(key, found);
      else known.delete(key);
    }
    if (known.size > KEPT) known.delete(known.keys().next().value);
    return found;
  }
}

export class Drawn {
  constructor(ctx) {
    this.ctx = ctx;
    this.answers = new Questions();
    this.details = new Questions();
  }

  /** Question to Python of a mode; a network without classes is asked for none. */
  asking(mode) {
    const { net, value } = this.ctx;
    const request = requestOf(this.ctx, value().panels[mode]);
    return net().classes.length ? request : { ...request, label: null };
  }

  get request() {
    return this.asking("generate");
  }

  get key() {
    return JSON.stringify(this.request);
  }

  /** Index of the watched image. */
  get index() {
    const { grid, tap } = this.ctx.store.get();
    return grid === 1 ? 0 : tap;
  }

  /** The answer to what is asked for now, if it is here. */
  get trace() {
    return this.answers.found(this.key);
  }

  /** Resolves to the trace of every image drawn, or to null where there is no answer or it is no longer wanted. */
  get() {
    const { request, key } = this;
    const net = this.ctx.net();
    return this.answers.ask(key, async () => {
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
    return this.details.ask(`${key} ${index}`, async () => {
      const answer = await this.ctx.ask("trace", argument);
      return answer && new Trace(answer, all.net);
    });
  }
}
