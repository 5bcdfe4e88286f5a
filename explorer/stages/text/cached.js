/** Cached: one text drawn with the cache and without it, and the masked diffusion beside it, on one clock. */

import { CostFilm } from "../kit/film/cost_film.js";
import { charactersOf, Letters } from "./letters.js";

class Cached extends CostFilm {
  constructor(ctx) {
    super(ctx, "cached");
    this.letters = new Letters({
      label: "The text. Arrow keys choose a character.",
      onChoose: (place) => this.moveTo(place, true),
    });
    this.build(this.letters.element, {
      nameOf: () => "The same text, drawn twice",
      label: "The text, character by character",
      framesPerSecond: 30,
      along: "characters",
    });
  }

  charactersAt(at) {
    return charactersOf(this.drawn.frames[at].x.subarray(0, at + 1), this.ctx.value().alphabet);
  }

  draw(at) {
    super.draw(at);
    this.letters.show(this.charactersAt(at), { chosen: at });
  }
}

export default {
  hint: "What does a character cost, with and without the cache?",
  create: (ctx) => new Cached(ctx),
};
