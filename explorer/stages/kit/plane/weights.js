/** Networks of points that the browser reads, each once; what could not be read is tried again a little later. */

import { whenever } from "../base/live.js";
import { signal } from "../base/vendor/signals-core.js";

const UNREADABLE = "The network of these points cannot be read. What you see stays; try again in a moment.";
const AGAIN_MS = 3000;

class Weights {
  /**
   * `about()` is {key, weights, error} of the wanted weights; `read(url, about)` resolves to them.
   * @param {Ctx} ctx @param {() => WeightsAbout} about @param {(url: string, about: WeightsAbout) => Promise<unknown>}
   * read
   */
  constructor(ctx, about, read) {
    this.ctx = ctx;
    this.about = about;
    this.read = read;
    /** @type {Map<string, any>} */
    this.found = new Map();
    this.failed = false;
    this.asked = new Set();
  }

  /** Weights, or null until they are there; then the context is refreshed. `again`: what failed is tried at once. */
  wanted(again = false) {
    const about = this.about();
    if (again && !this.found.has(about.key)) this.asked.delete(about.key);
    if (!this.asked.has(about.key)) this.take(about);
    return this.found.get(about.key) ?? null;
  }

  /** @param {WeightsAbout} about */
  async take(about) {
    const { ctx } = this;
    const { key, weights, error } = about;
    this.asked.add(key);
    try {
      if (!weights || error) throw new Error(error ?? `${key} has no weights`);
      this.found.set(key, await this.read(`${ctx.base}${weights}`, about));
      if (this.failed) ctx.say("");
      this.failed = false;
      ctx.refresh("weights");
    } catch (problem) {
      console.warn(key, problem.message);
      this.failed = true;
      ctx.say(error ?? UNREADABLE, "error");
      setTimeout(() => this.asked.delete(key), AGAIN_MS);
    }
  }
}

/**
 * The weights that a mode wants now, as for `Weights`: a signal, null until they are there.
 * @param {import("../panel/mode.js").Self} self
 * @param {() => {key: string, weights?: string, error?: string}} about what it reads is followed
 * @param {(url: string, about: any) => Promise<any>} read
 */
export function wantedWeights({ ctx, news, visits }, about, read) {
  const weights = new Weights(ctx, about, read);
  const found = signal(null);
  let visited = 0;
  whenever(() => {
    void news.value;
    const now = visits.value;
    if (now) found.value = weights.wanted(now !== visited); // what failed is tried again at another visit
    visited = now;
  });
  return found;
}
