/** Mix: a grid of images, each with one style of its column and the others of its row. */

import { h } from "../kit/shell/dom.js";
import { Told } from "./told.js";

class Mix extends Told {
  constructor(ctx) {
    super(ctx, "mix", "Mixed styles");
    this.legend = h("p", { class: "style-legend" });
    this.open(h("div", { class: "style-screen style-tall" }, this.pictures.element, this.legend));
  }

  layout(value) {
    const { columns } = value;
    this.legend.textContent = value.legend;
    return { columns, isEmpty: (i) => i === 0, markOf: (i) => (i < columns || i % columns === 0 ? "is-source" : "") };
  }
}

export default {
  hint: "Choose a resolution: each image takes its style there from the top row",
  create: (ctx) => new Mix(ctx),
};
