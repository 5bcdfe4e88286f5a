/** One image before and after its pixels are overridden: each override continues from the image before it. */

import { placeOf } from "../kit/image/board.js";
import { PIXELS } from "../kit/image/pixels.js";
import { toBase64 } from "../kit/plane/tensors.js";

const LEVELS = 256;

export const pixelOf = (override) => Math.floor(override / LEVELS);
export const levelOf = (override) => override % LEVELS;
export const overrideOf = (pixel, level) => pixel * LEVELS + level;

/**
 * Resolves to the trace after the overrides `over` in sequence, or to null if one got no answer or the image is no longer
 * wanted. `asked` is the key, index and request of `original`.
 */
export async function branchOf(drawn, original, over, { key, index, request }) {
  let trace = original;
  for (let count = 1; count <= over.length && trace; count++) {
    if (key !== drawn.key || index !== drawn.index) return null;
    const override = over[count - 1];
    const pixels = trace.image().slice();
    pixels[pixelOf(override)] = levelOf(override);
    const known = trace.places[pixelOf(override)] + 1;
    trace = await drawn.branches.get({ ...request, index, pixels: toBase64(pixels), known });
  }
  return trace;
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
