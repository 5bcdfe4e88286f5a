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

/** @typedef {Awaited<ReturnType<typeof import("./plane_flow.js").readFlow>>} PlaneFlow the flow of a file */

export class Warped {
  /**
   * `points` are x on the way "forward" to z, and z on the way "back"; the grid is square where they begin.
   * @param {PlaneFlow} flow @param {ArrayLike<number> & Iterable<number>} points
   * @param {string} way
   */
  constructor(flow, points, way) {
    /** @type {PlaneFlow} */
    this.flow;
    /** @type {string} */
    this.way;
    /** @type {number} */
    this.known;
    /** @type {{density: Float64Array, volume: Float64Array}[]} */
    this.heats;
    /** @type {Float64Array | undefined} */
    this.moved;
    Object.assign(this, { flow, way, known: 0, heats: [] });
    this.start = Float64Array.from([...points, ...gridPoints()]);
    this.count = points.length;
    this.states = Array.from({ length: flow.depth + 1 }, () => new Float64Array(this.start.length));
  }

  /** True once the points and the grid are there. */
  get ready() {
    return this.known === this.start.length;
  }

  /** All of it, the shades last, from the place that is looked at on; yields whether there is something new to see. */
  *work(place) {
    const { flow, start, states, way } = this;
    for (let first = 0; first < start.length; first += 2 * AT_ONCE) {
      const some = start.subarray(first, first + 2 * AT_ONCE);
      const found = way === "forward" ? flow.states(some).states : flow.statesBack(some);
      found.forEach((each, k) => states[k].set(each, first));
      this.known = first + some.length;
      yield this.ready;
    }
    const layers = [...states.keys()].sort((a, b) => Math.abs(a - place) - Math.abs(b - place));
    for (const k of layers) yield* this.shade(k);
  }

  *shade(k) {
    const heat = { density: new Float64Array(CELLS * CELLS), volume: new Float64Array(CELLS * CELLS) };
    for (let first = 0; first < CELLS * CELLS; first += AT_ONCE) {
      const { logP, next } = this.flow.densityAfter(LATTICE.subarray(2 * first, 2 * (first + AT_ONCE)), k);
      heat.density.set(logP, first);
      heat.volume.set(next, first);
      yield false;
    }
    this.heats[k] = heat;
    yield true;
  }

  /** Points and grid at a place: between two layers on the straight way from one state to the other. */
  at(place) {
    const from = Math.min(Math.floor(place), this.flow.depth);
    const share = place - from;
    const [a, b] = [this.states[from], this.states[from + 1]];
    this.moved ??= new Float64Array(a.length);
    for (let i = 0; i < a.length; i++) this.moved[i] = share ? a[i] + share * (b[i] - a[i]) : a[i];
    return { points: this.moved.subarray(0, this.count), grid: this.moved.subarray(this.count) };
  }
}
