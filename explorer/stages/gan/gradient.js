/** Vanishing gradient: a generator stands still while a discriminator and a critic are trained further. */

import { h } from "../kit/base/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { keysOf } from "./arena_legend.js";
import { GameMode, gameMode } from "./game_mode.js";

const STEPS = 400;
const KINDS = { d: "A discriminator", critic: "A Wasserstein critic" };

class Gradient extends GameMode {
  build() {
    const { ctx } = this;
    const handOver = (canvas) => ctx.show("out", canvas);
    this.arenas = Object.values(KINDS).map((label, k) =>
      new Arena({ label, size: LARGE, onDrawn: k ? undefined : handOver })
    );
    const planes = this.arenas.map(({ label, element }) => h("figure", {}, h("h2", {}, label), element));
    this.legend = createLegend(ctx);
    const below = h("div", { class: "facing-chart" }, this.curves.element, this.legend.element);
    this.open({
      nameOf: () => "Training the discriminators",
      screen: h("div", { class: "facing" }, planes, below),
      label: "The generator stands still, step by step",
      filename: "gan-gradient.gif",
    });
  }

  more() {
    return { steps: STEPS };
  }

  update(changed) {
    this.legend.show(keysOf("non-saturating", "d"));
    super.update(changed);
    this.film.host.hidden = !this.request;
  }

  scene(at, k) {
    const { frames } = this.drawn;
    const read = readFrame(frames[at]);
    return {
      surface: read[Object.keys(KINDS)[k]],
      real: readFrame(frames[0]).real,
      made: read.made,
      colours: this.ctx.colours(),
      words: frames[at].report.caption,
    };
  }
}

export default gameMode(Gradient);
