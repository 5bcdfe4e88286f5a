/**
 * The images that the network draws with the seed, class and temperature on screen, and what follows of them: each asked
 * for once, shared by the modes.
 */

import { Answered } from "../kit/ask/answered.js";
import { requestOf } from "../kit/panel/controls.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { Trace } from "./trace.js";

const MOST = { generate: 24, trace: 24, resume: 64 }; // traces that are remembered

export class Drawn {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    /** @type {Answered} */
    this.answers;
    /** @type {Answered} */
    this.traces;
    /** @type {Answered} */
    this.branches;
    this.ctx = ctx;
    const read = (answer, { net: name }) => new Trace(answer, { name, ...ctx.value().nets[name] });
    const answered = Object.entries(MOST).map(([name, most]) => new Answered(ctx, name, null, { read, most }));
    [this.answers, this.traces, this.branches] = answered;
  }

  /** The same, of what another context says: a mode gives its own, in which what is read is followed. */
  through(ctx) {
    return Object.create(this, { ctx: { value: ctx } });
  }

  /** Question to Python of a mode; a network without classes is asked for none. */
  asking(mode) {
    const { net, value } = this.ctx;
    const request = requestOf(this.ctx, value().panels[mode]);
    return net().classes.length ? request : { ...request, label: null };
  }

  /** Forgets failures: what is wanted next is asked for, whatever failed before. */
  forgive() {
    for (const each of [this.answers, this.traces, this.branches]) each.forgive();
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
    return this.answers.to(this.request);
  }

  /** Resolves to the trace of every image drawn, or to null where there is no answer or it is no longer wanted. */
  get() {
    return this.answers.get(this.request);
  }

  /** Resolves to the trace of the image that is watched, with the distribution of every pixel. */
  async watched() {
    const { request, index } = this;
    const all = await this.get();
    return all && this.traceOf(all, request, index);
  }

  /**
   * The trace of one of the images drawn for a request, or a promise of it.
   * @param {any} all @param {Record<string, any>} request @param {number} index
   */
  traceOf(all, { net, label, order }, index) {
    return index === 0 ? all : this.traces.get({ net, label, order, picture: { pixels: toBase64(all.image(index)) } });
  }
}
