/** Directions: the principal directions of w, a slider each, beside what lies along them. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { createSlider } from "../kit/shell/slider.js";
import { Told } from "./told.js";

const STEP = 0.5;
const SIZE = 168; // px

class Directions extends Told {
  constructor(ctx) {
    super(ctx, "directions", "Images along each direction");
    this.canvas = imageCanvas("The image of the sliders", SIZE);
    this.sliders = ctx.fields.along.bounds.map(([low, high], i) => {
      const name = h("span", {}, `Direction ${i + 1}`);
      const slider = createSlider("", {
        field: { low, high },
        step: STEP,
        label: `Direction ${i + 1}`,
        words: (value) => `${num(value, 1)} σ`,
        onRelease: (value) => this.move(i, value),
      });
      return { ...slider, name, row: h("div", { class: "style-direction" }, name, slider.element) };
    });
    this.open(
      h("div", { class: "style-screen" }, h("div", { class: "style-now" }, this.canvas), this.pictures.element),
    );
  }

  move(i, value) {
    const along = this.ctx.store.get().along.map((each, other) => (other === i ? value : each));
    this.ctx.store.commit({ along });
  }

  show() {
    const { along } = this.ctx.store.get();
    this.sliders.forEach(({ set }, i) => set(along[i]));
    super.show();
  }

  layout({ columns, names }) {
    this.sliders.forEach(({ name, input }, i) => {
      setText(name, names[i]);
      input.setAttribute("aria-label", names[i]);
    });
    return { columns, names: this.sliders.map(({ row }) => row) };
  }

  draw(value) {
    super.draw(value);
    const now = fromBase64(value.now);
    drawImage(this.canvas, now);
    this.canvas.setAttribute("aria-label", `The image of the sliders: ${value.seen}`);
    this.ctx.show("out", now);
  }
}

export default {
  hint: "Move along a principal direction of w: what does it change?",
  create: (ctx) => new Directions(ctx),
};
