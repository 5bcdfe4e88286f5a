/** One image before and after its pixels are overridden: each override continues from the image before it. */

import { placeOf } from "../kit/image/board.js";
import { PIXELS } from "../kit/image/pixels.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { Trace } from "./trace.js";

const LEVELS = 256;
const KEPT = 64;

export const pixelOf = (override) => Math.floor(override / LEVELS);
export const levelOf = (override) => override % LEVELS;
export const overrideOf = (pixel, level) => pixel * LEVELS + level;

export class Branches {
  constructor(ctx) {
    this.ctx = ctx;
    this.known = new Map();
  }

  /**
   * Resolves to the trace after the overrides `over` in sequence, or to null if one got no answer or the image is no
   * longer wanted. `asked` is the key, index and request of `original`.
   */
  async after(original, over, asked) {
    const { drawn } = this.ctx;
    let trace = original;
    for (let count = 1; count <= over.length && trace; count++) {
      if (asked.key !== drawn.key || asked.index !== drawn.index) return null;
      trace = await this.step(over.slice(0, count), trace, asked);
    }
    return trace;
  }

  /** The trace after the last of `over`, where `trace` is the one before it. */
  async step(over, trace, asked) {
    const name = `${asked.key} ${asked.index} ${over}`;
    if (this.known.has(name)) return this.known.get(name);
    const override = over.at(-1);
    const pixels = trace.image().slice();
    pixels[pixelOf(override)] = levelOf(override);
    const known = trace.places[pixelOf(override)] + 1;
    const { request, index } = asked;
    const answer = await this.ctx.ask("resume", { ...request, index, pixels: toBase64(pixels), known });
    if (!answer) return null;
    const next = new Trace(answer, trace.net);
    this.known.set(name, next);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
    return next;
  }
}

/** The overrides that still hold: a later one of an earlier or the same pixel has had theirs drawn again. */
export function inForce(over, places) {
  const placeOf = (override) => places[pixelOf(override)];
  return over.filter((override, i) => over.slice(i + 1).every((later) => placeOf(later) > placeOf(override)));
}

/**
 * The differences of two branches: 784 flags, where the first override in force is, how many pixels before it, and after it
 * among the first `known` that are drawn, `after(known)`.
 */
export function differences(original, branch, over) {
  const [a, b] = [original.image(), branch.image()];
  const flags = a.map((level, pixel) => (level === b[pixel] ? 0 : 1));
  const places = original.places;
  const changed = new Set(over.map(pixelOf));
  const first = Math.min(...over.map((override) => places[pixelOf(override)]));
  const drawn = Array.from(flags).flatMap((flag, pixel) => (flag && !changed.has(pixel) ? [places[pixel]] : []));
  const before = drawn.filter((place) => place < first).length;
  const after = (known) => drawn.filter((place) => place >= first && place < known).length;
  return { flags, first, before, after };
}

/**
 * Effect of the overrides `over` when `known` pixels are drawn: the pixels before the first and after it, and −log p of
 * both branches, of all their pixels and of the first that is overridden; `says` names the overrides.
 */
export function reportOf({ original, branch, change, over, known }, says) {
  const { first, before } = change;
  const traces = [original, branch];
  const pixel = original.order[first];
  return {
    known,
    first,
    before,
    after: change.after(known),
    differ: change.after(PIXELS),
    left: PIXELS - first - 1,
    again: known - first - 1,
    which: over.length > 1 ? says.several : says.one,
    place: placeOf(pixel),
    cost: traces.map((trace) => -trace.logProbSoFar()),
    paid: traces.map((trace) => Math.max(0, -trace.logProb()[pixel])),
  };
}
