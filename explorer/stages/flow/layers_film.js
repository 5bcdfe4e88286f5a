/** Sixteen images come out of their z, a layer a step, and the log-density of each state beside them. */

import { Board } from "../kit/image/board.js";
import { h } from "../kit/base/dom.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { LARGE, PIXELS } from "../kit/image/pixels.js";
import { split } from "../questions/tiles.js";
import { Wall } from "../kit/image/wall.js";
import { coarsely } from "./lattice.js";

const PER_SECOND = 3;

export class LayersFilm extends ReportFilm {
  constructor(ctx) {
    super(ctx, "film");
    const { commit } = ctx.store;
    this.wall = new Wall({
      label: "Sixteen images on their way from z. Arrow keys choose one.",
      onChoose: (tap) => commit({ tap }),
      size: LARGE,
    });
    this.board = new Board({ label: "The chosen image", size: LARGE });
    this.board.element.title = "The chosen image, as large as its part of the lattice of pixels";
    this.open({
      nameOf: () => "Sixteen images, layer by layer",
      screen: h("div", { class: "layers-screen" }, this.wall.element, this.board.element, this.curves.element),
      label: "From z to x, layer by layer",
      framesPerSecond: PER_SECOND,
      above: [this.numbers],
    });
  }

  /** Images of the wall for a state. */
  wallAt(at) {
    const frame = this.drawn.frames[at];
    return {
      images: split(frame.x).map((bytes) => Float32Array.from(bytes, (level) => level / 255)),
      known: PIXELS,
      order: null,
      chosen: this.ctx.store.get().tap,
      ring: null,
      words: frame.report.caption,
    };
  }

  draw(at) {
    const { tap } = this.ctx.store.get();
    const wall = this.wallAt(at);
    this.wall.show(wall);
    this.board.show({ values: coarsely(wall.images[tap], this.drawn.frames[at].known), words: wall.words });
    this.ctx.show("out", wall.images[tap]);
    super.draw(at);
    this.curves.show(this.drawn.frames, at, (_, image) => image === tap ? { colour: "you", width: 2.5 } : {});
  }

  /** Numbers and sentences on the chosen image. */
  reportOf(at) {
    return super.reportOf(at).each[this.ctx.store.get().tap];
  }
}
