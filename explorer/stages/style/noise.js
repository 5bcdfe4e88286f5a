/** Noise: one w, with fresh noise at one resolution in each row; what it moves, as a map. */

import { h } from "../kit/shell/dom.js";
import { Told } from "./told.js";

class Noise extends Told {
  constructor(ctx) {
    super(ctx, "noise", "Fresh noise at each resolution");
    this.open(h("div", { class: "style-screen" }, this.pictures.element));
  }
}

export default {
  hint: "Each row has fresh noise at one resolution; the last column shows what it moves",
  create: (ctx) => new Noise(ctx),
};
