/** A toy at one noise level: its known density, and two fields of arrows, the network's and the exact one. */

import { ARROWS, gridOf } from "../kit/plane/field_paint.js";
import { gaussians, uniforms } from "../kit/plane/random.js";
import { densityAt, exactNoise, noised, sharesAt } from "../kit/plane/mixture.js";

const SHADES = 56;
const MEASURED = 128;
const SEED = 1;

const GRID = gridOf(ARROWS);
const PLACES = gridOf(SHADES);

const meanSquare = (values) => (2 * values.reduce((sum, value) => sum + value * value, 0)) / values.length;

/** @typedef {{predict(points: ArrayLike<number>, t: number, alpha: number): Floats}} Predictor a network that predicts noise */

export class ToyField {
  /**
   * `toy` has `means` and `sigma`, `net` predicts noise, `alphas` are ᾱ_0 … ᾱ_T.
   * @param {{means: Point[], sigma: number}} toy @param {Predictor} net @param {ArrayLike<number>} alphas
   */
  constructor(toy, net, alphas) {
    this.toy = toy;
    this.net = net;
    this.alphas = alphas;
    /** @type {Level | null} */
    this.level = null;
    const [uniform, gaussian] = [uniforms(SEED), gaussians(SEED)];
    this.draws = Array.from(
      { length: MEASURED },
      () => [Math.floor(uniform() * toy.means.length), gaussian(), gaussian()],
    );
  }

  /** The field at a time; the latest is remembered. */
  at(t) {
    if (this.level?.t !== t) this.level = new Level(this, t);
    return this.level;
  }
}

/** Values of one level, computed when they are first asked for. */
class Level {
  /** @param {ToyField} field @param {number} t */
  constructor(field, t) {
    this.field = field;
    this.t = t;
    this.alpha = field.alphas[t];
    /** @type {Mixture} */
    this.mixture = noised(field.toy, this.alpha);
    /** @type {{points: Float32Array, learned: Floats, exact: Float64Array} | undefined} */
    this.grid;
    /** @type {{error: number, size: number} | undefined} */
    this.measured;
    /** @type {Float64Array | undefined} */
    this.shades;
  }

  /** The noise at points, as the network predicts it and as it is exactly. */
  both(points) {
    const { field, t, alpha, mixture } = this;
    return { learned: field.net.predict(points, t, alpha), exact: exactNoise(mixture, alpha, points) };
  }

  /** Values at one point: log p, and the noise twice. */
  probe([x, y]) {
    return { logP: densityAt(this.mixture, x, y).logP, ...this.both(Float32Array.of(x, y)) };
  }

  /** The noise at the middles of the cells. */
  get arrows() {
    this.grid ??= { points: GRID, ...this.both(GRID) };
    return this.grid;
  }

  /**
   * The mean of ‖ε̂ − ε*‖² and of ‖ε*‖² over points of the noised density, which come from the same draws at every
   * level.
   */
  get difference() {
    this.measured ??= this.measure();
    return this.measured;
  }

  measure() {
    const { xs, ys, variance } = this.mixture;
    const width = Math.sqrt(variance);
    const points = Float32Array.from(this.field.draws.flatMap(([k, a, b]) => [xs[k] + width * a, ys[k] + width * b]));
    const { learned, exact } = this.both(points);
    return { error: meanSquare(exact.map((value, i) => value - learned[i])), size: meanSquare(exact) };
  }

  /** The density in a square of cells, row by row, as a share of its largest value. */
  get density() {
    return (this.shades ??= sharesAt(this.mixture, PLACES));
  }
}
