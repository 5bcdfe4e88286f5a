/** Chains that were dropped, computed a little every display frame, so that the page stays awake. */

import { gaussians, uniforms } from "../kit/plane/random.js";
import { Slices } from "../kit/film/slices.js";
import { begin, EVALUATIONS, KERNELS, ladder, lost, scaled, swap, tempered } from "./chains.js";
import { crossed } from "./mixing.js";

const SLICE_MS = 6;
const APART = 0.04; // how far from where they were dropped chains begin
const STREAM = 7919; // from the seed of the noise to that of the decisions
const HOTTEST = 20;
const RUNGS = 5;

export class Run extends Slices {
  /**
   * `settings` are {kernel, eps, temp, chains, cure, drops, length, seed}; `onChange(run)` is told of every slice.
   *
   * Frames are {x, proposed, accepted, hot, temperature, crossings}: chains at the temperature that is asked for,
   * and of parallel tempering the `hot` ones, too.
   */
  constructor({ net, pieces, settings }, onChange = () => {}) {
    super(SLICE_MS);
    Object.assign(this, { net, pieces, settings, onChange, frames: [], diverged: null });
    this.walk = this.moves();
    this.walk.next();
  }

  get total() {
    return this.settings.length + 1;
  }

  get done() {
    return this.frames.length === this.total || this.diverged !== null;
  }

  get temperatures() {
    const { cure, temp } = this.settings;
    return cure === "tempering" ? ladder(HOTTEST, RUNGS).map((each) => each * temp) : [temp];
  }

  /** At which temperature chains that are cooled make a move: at the one that is asked for from half-way on. */
  heatAt(move) {
    const { cure, length, temp } = this.settings;
    if (cure !== "annealing") return temp;
    return temp * HOTTEST ** Math.max(0, 1 - (2 * (move - 1)) / length);
  }

  /** Makes all the moves, one frame after the other. */
  *moves() {
    const { net, settings } = this;
    const { kernel, eps, temp, chains: count, cure, seed } = settings;
    const random = { gauss: gaussians(seed), uniform: uniforms(seed + STREAM) };
    const rungs = this.temperatures;
    const target = (x) => net.evaluate(x);
    const start = startsOf(settings, random);
    let x = Float64Array.from({ length: 2 * count * rungs.length }, (_, i) => start[i % (2 * count)]);
    const last = this.pieces.all(start, count);
    const cold = 2 * count * (rungs.length - 1);
    this.frames.push({ x: Float32Array.from(start), hot: [], temperature: this.heatAt(1), crossings: 0, taken: 0 });
    let [crossings, taken] = [0, 0];
    let state = null;
    let heat = null;
    for (let move = 1; move <= settings.length; move++) {
      yield;
      const now = this.heatAt(move);
      const each = Float64Array.from(
        { length: count * rungs.length },
        (_, i) => cure === "tempering" ? rungs[Math.floor(i / count)] : now,
      );
      const step = each.map((temperature) => eps * Math.sqrt(cure === "none" ? 1 : temperature / temp));
      const hot = tempered(target, each);
      if (heat !== now) state = begin(hot, x);
      heat = now;
      const made = KERNELS[kernel](hot, state, step, random);
      state = made.state;
      this.diverged = lost(state);
      if (this.diverged) this.diverged.move = move;
      else if (cure === "tempering") state = exchanged(state, each, { rungs, count, first: move % 2, random });
      x = state.x;
      const shown = Float32Array.from(x.subarray(cold));
      const accepted = made.accepted.slice(cold / 2);
      crossings += crossed(last, this.pieces.all(shown));
      taken += accepted.reduce((a, b) => a + b, 0);
      this.frames.push({
        x: shown,
        proposed: Float32Array.from(made.proposed.subarray(cold)),
        accepted,
        hot: cold ? Float32Array.from(x.subarray(0, cold)) : [],
        temperature: now,
        crossings,
        taken,
      });
      if (this.diverged) return;
    }
  }

  /** How many evaluations of the network a move of a chain costs. */
  get cost() {
    return EVALUATIONS[this.settings.kernel] * this.temperatures.length;
  }

  step() {
    this.walk.next();
  }

  /** Makes all moves at once. */
  finish() {
    while (!this.done) this.step();
    return this;
  }

  /** One coordinate of chains over the frames from one to another: a series for each of the first `most`. */
  series(axis, from, to, most = 40) {
    const count = Math.min(most, this.settings.chains);
    return Array.from(
      { length: count },
      (_, i) => Float64Array.from({ length: to - from }, (_, k) => this.frames[from + k].x[2 * i + axis]),
    );
  }
}

/** A state after neighbouring temperatures have exchanged replicas. */
function exchanged({ x, energy, gradient }, temperatures, { rungs, count, first, random }) {
  const bare = {
    x: x.slice(),
    energy: energy.map((value, i) => value * temperatures[i]),
    gradient: gradient.map((value, i) => value * temperatures[i >> 1]),
  };
  swap(bare, rungs, count, first, random);
  return { x: bare.x, ...scaled(bare, temperatures) };
}

/** Where chains begin: around the dropped points, in turn. */
function startsOf({ drops, chains }, random) {
  const places = drops.length / 2;
  return Float64Array.from(
    { length: 2 * chains },
    (_, i) => drops[2 * ((i >> 1) % places) + (i % 2)] + APART * random.gauss(),
  );
}
