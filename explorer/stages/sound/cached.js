/** Cached: one sound drawn with queues and without them, on one clock. */

import { CostFilm } from "../kit/film/cost_film.js";
import { Wave } from "./wave.js";

class Cached extends CostFilm {
  constructor(ctx) {
    super(ctx, "cached");
    this.wave = new Wave(ctx, {
      label: "The wave",
      height: 190,
      onMove: (sample, { rest }) => this.moveTo(this.frameAt("time", this.given + sample), rest),
    });
    this.build(this.wave.element, {
      nameOf: ({ digit, speaker }) => `“${digit}” by ${speaker}, drawn twice`,
      label: "The sound, 1 ms a step",
      framesPerSecond: 12,
      along: "ms drawn",
    });
  }

  draw(at) {
    super.draw(at);
    const { x, time, report: { given } } = this.drawn.frames[at];
    this.given = given;
    this.wave.show(x.subarray(given, time + 1), {
      total: x.length - given,
      cursor: time - given,
      name: "Amplitude, drawn by the network",
      words: `${time + 1 - given} of ${x.length - given} samples`,
    });
  }
}

export default {
  hint: "What does a sample cost, with and without a cache?",
  create: (ctx) => new Cached(ctx),
};
