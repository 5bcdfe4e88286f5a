/** Slow: one image drawn with the cache and without it, row by row, on one clock. */

import { CostFilm } from "../kit/film/cost_film.js";
import { Board } from "../kit/image/board.js";
import { LARGE, SIDE } from "../kit/image/pixels.js";

class Slow extends CostFilm {
  constructor(ctx) {
    super(ctx, "slow");
    this.board = new Board({
      label: "The image being drawn. A tap goes to its row",
      size: LARGE,
      onTap: (pixel) => this.moveTo(Math.floor(pixel / SIDE), true),
    });
    this.build(this.board.element, {
      nameOf: () => "The same image, drawn twice",
      label: "The image, row by row",
      framesPerSecond: 6,
      along: "rows",
    });
  }

  draw(at) {
    super.draw(at);
    const { x } = this.drawn.frames[at];
    const values = Float32Array.from(x, (byte) => byte / 255);
    this.board.show({ values, known: (at + 1) * SIDE, words: this.captionOf(at) });
    this.ctx.show("out", values);
  }
}

export default {
  hint: "How long does drawing take on this server?",
  create: (ctx) => new Slow(ctx),
};
