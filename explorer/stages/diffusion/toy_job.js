/** The walks of the dropped points, computed a little every display frame, so that the page stays awake. */

import { gaussians } from "../kit/plane/random.js";
import { Slices } from "../kit/film/slices.js";
import { timesOf, walk } from "./toy_walk.js";

const SLICE_MS = 10;
const STREAMS = 7919; // seeds that one visitor's seed is worth, one a point

export class ToyJob extends Slices {
  /** `onChange(job)` is told of every slice; `frames` grows until `total` are there. */
  constructor({ net, alphas, starts, steps, seed }, onChange) {
    super(SLICE_MS);
    const times = timesOf(steps, alphas.length - 1);
    const randoms = Array.from({ length: starts.length / 2 }, (_, i) => gaussians((seed + i * STREAMS) | 0));
    const start = Float64Array.from(starts);
    this.steps = walk({ net, alphas, starts: start, times, randoms });
    Object.assign(this, {
      onChange,
      times,
      total: times.length,
      frames: [{ t: times[0], sde: start, ode: start }],
    });
    this.run();
  }

  get done() {
    return this.frames.length === this.total;
  }

  step() {
    this.frames = this.steps.next().value;
  }
}
