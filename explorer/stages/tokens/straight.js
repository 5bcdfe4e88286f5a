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

  draw(value) {
    super.draw(value);
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
