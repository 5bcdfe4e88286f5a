/** An energy over a square of the plane, and what follows by integration: Z, the density, and how far it is off. */

import { logsAt, noised } from "../kit/plane/mixture.js";
import { inSlices } from "../kit/film/slices.js";

const AT_ONCE = 256;

/** The middles of cells from the upper left, row by row: x0, y0, x1, y1, … */
function cellsOf(side, half) {
  const place = (i) => ((2 * i + 1) / side - 1) * half;
  return Float64Array.from({ length: 2 * side * side }, (_, i) => {
    const cell = i >> 1;
    return i % 2 ? -place(Math.floor(cell / side)) : place(cell % side);
  });
}

/** The known density at the same cells: log p. */
export function knownOf(toy, side, half) {
  const mixture = noised(toy, 1);
  const cells = cellsOf(side, half);
  return logsAt(mixture, cells);
}

export class Surface {
  /** `known` is log p at the cells, `pieces` the pieces of the data; `side` cells a side reach out to `half`. */
  constructor({ net, known, pieces, side, half }) {
    Object.assign(this, { net, known, pieces, side, half, done: false });
    this.cells = cellsOf(side, half);
    this.energy = new Float64Array(side * side);
    this.area = ((2 * half) / side) ** 2;
    this.next = 0;
  }

  /** Evaluates some cells; whether that were all. */
  some() {
    const to = Math.min(this.next + AT_ONCE, this.energy.length);
    const { energy } = this.net.evaluate(this.cells.subarray(2 * this.next, 2 * to), { slopes: false });
    this.energy.set(energy, this.next);
    this.next = to;
    if (to === this.energy.length) this.integrate();
    return this.done;
  }

  /** log Z of the square, KL(p ‖ exp(−E) / Z), and the mass nearest to each piece of the data. */
  integrate() {
    const { energy, known, area } = this;
    this.least = energy.reduce((a, b) => Math.min(a, b), Infinity);
    let sum = 0;
    for (const value of energy) sum += Math.exp(this.least - value);
    this.logZ = Math.log(sum * area) - this.least;
    this.kl = 0;
    this.shares = new Float64Array(this.pieces.count);
    energy.forEach((value, i) => {
      this.kl += Math.exp(known[i]) * area * (known[i] + value + this.logZ);
      const { piece } = this.pieces.find(this.cells[2 * i], this.cells[2 * i + 1]);
      this.shares[piece] += Math.exp(-value - this.logZ) * area;
    });
    this.done = true;
  }

  /** exp(−E) / Z at the cells. */
  density() {
    return this.energy.map((value) => Math.exp(-value - this.logZ));
  }

  /** Evaluates all of it a little every display frame; resolves when it is whole. */
  work() {
    this.working ??= new Promise((resolve) => inSlices(this.parts(), () => resolve(this)));
    return this.working;
  }

  /** Evaluates some cells after others; true once that were all. */
  *parts() {
    while (!this.some()) yield false;
    yield true;
  }
}
