/** The plane on its way through a flow: a grid, points, and a square of cells at each layer, computed bit by bit. */

import { gridPoints, HALF } from "./plane_paint.js";

const AT_ONCE = 128;
const CELLS = 72;

/** The middles of the cells of the picture, row by row from the top left. */
const LATTICE = Float64Array.from({ length: 2 * CELLS * CELLS }, (_, i) => {
  const place = (cell) => HALF * ((2 * cell + 1) / CELLS - 1);
  const cell = i >> 1;
  return i % 2 ? -place(Math.floor(cell / CELLS)) : place(cell % CELLS);
});

/**
 * @typedef {Awaited<ReturnType<typeof import("./plane_flow.js").readFlow>>} PlaneFlow the flow of a file
 * @typedef {{density: Float64Array, volume: Float64Array}} Heat
 * @typedef {object} Warped
 * @property {number} count of the numbers that are points; the others are the grid
 * @property {Float64Array[]} states points and grid at each layer, x first
 * @property {Heat[]} heats by layer, as far as they are there
 */

/**
 * The way of the points and the grid through a flow, and then the shades, from the place that is looked at on; yields null
 * where there is nothing new to see. `points` are x on the way "forward" to z, and z on the way "back"; the grid is square
 * where they begin.
 * @param {PlaneFlow} flow @param {ArrayLike<number> & Iterable<number>} points @param {string} way @param {number} place
 * @returns {Generator<Warped | null>}
 */
export function* warped(flow, points, way, place) {
  const start = Float64Array.from([...points, ...gridPoints()]);
  const states = Array.from({ length: flow.depth + 1 }, () => new Float64Array(start.length));
  for (let first = 0; first < start.length; first += 2 * AT_ONCE) {
    const some = start.subarray(first, first + 2 * AT_ONCE);
    const found = way === "forward" ? flow.states(some).states : flow.statesBack(some);
    found.forEach((each, k) => states[k].set(each, first));
    yield null;
  }
  /** @type {Heat[]} */
  const heats = [];
  yield { count: points.length, states, heats: [] };
  for (const k of [...states.keys()].sort((a, b) => Math.abs(a - place) - Math.abs(b - place))) {
    heats[k] = yield* shaded(flow, k);
    yield { count: points.length, states, heats: [...heats] };
  }
}

/** Shades of the states after `k` layers. @param {PlaneFlow} flow @param {number} k @returns {Generator<null, Heat>} */
function* shaded(flow, k) {
  const heat = { density: new Float64Array(CELLS * CELLS), volume: new Float64Array(CELLS * CELLS) };
  for (let first = 0; first < CELLS * CELLS; first += AT_ONCE) {
    const { logP, next } = flow.densityAfter(LATTICE.subarray(2 * first, 2 * (first + AT_ONCE)), k);
    heat.density.set(logP, first);
    heat.volume.set(next, first);
    yield null;
  }
  return heat;
}

/** Points and grid at a place: between two layers on the straight way from one state to the other. @param {Warped} of */
export function warpedAt({ count, states }, place) {
  const from = Math.min(Math.floor(place), states.length - 2);
  const [a, b] = [states[from], states[from + 1]];
  const moved = a.map((value, i) => value + (place - from) * (b[i] - value));
  return { points: moved.subarray(0, count), grid: moved.subarray(count) };
}
