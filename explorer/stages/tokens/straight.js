/** Straight through: the losses of one image, where its gradient goes, and what comes of a step down it. */

import { h } from "../kit/shell/dom.js";
import { Exhibit } from "../kit/shell/exhibit.js";
import { captioned } from "../kit/shell/parts.js";
import { TokenGrid } from "./tokens_grid.js";

const GRIDS = {
  image: ["its tokens, decoded", "as they are decoded"],
  at_decoder: ["‖∂L/∂z_q‖ at the decoder's input", "brighter where the loss depends more on a token"],
  at_encoder: ["‖∂L/∂z_e‖, what the encoder is given", "the same, copied"],
};

class Straight extends Exhibit {
  add() {
    this.grids = Object.entries(GRIDS).map(([name, [title, words]]) => ({
      name,
      title,
      words,
      grid: new TokenGrid({ label: title }),
    }));
    const shown = this.grids.map(({ grid, title }) => captioned(grid.canvas, title));
    return [h("div", { class: "tokens-pair tokens-three" }, shown)];
  }

  /** The place of the step among those that were computed. */
  stepOf({ promised }) {
    return Math.round((this.ctx.store.get().promise / promised.at(-1)) * (promised.length - 1));
  }

  shown(value) {
    return { ...value, ...value.said[this.stepOf(value)] };
  }

  draw(value) {
    const cursor = value.promised[this.stepOf(value)];
    super.draw({ ...value, charts: [{ ...value.charts[0], cursor }] });
    const bytes = this.bytesOf(value.p);
    for (const { name, words, grid } of this.grids) {
      grid.show({ ...(name in value ? { heat: value[name] } : { bytes }), words });
    }
    this.ctx.show("out", bytes);
  }

  picture() {
    return this.value && this.grids[1].grid.canvas;
  }
}

export default {
  hint: "Drag the step: what does the copied gradient gain?",
  create: (ctx) => new Straight(ctx, "straight"),
};
