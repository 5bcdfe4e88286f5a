/** Directions: the principal directions of w, a slider each, beside what lies along them. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
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
        words: (value) => num(value, 1),
        onPreview: (value) => this.preview(i, value),
        onRelease: (value) => this.move(i, value),
      });
      return { ...slider, name, row: h("div", { class: "style-direction" }, name, slider.element) };
    });
    this.open(h("div", { class: "style-screen style-strips" }, this.pictures.element), this.canvas);
  }

  /** While a slider is dragged, the image is the nearest of its strip. */
  preview(i, value) {
    if (!this.value) return;
    const { columns } = this.value;
    const place = i * columns + Math.round(value) + (columns - 1) / 2;
    drawImage(this.canvas, imageOf(this.bytesOf(this.value), place));
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
    const { along } = this.ctx.store.get();
    const placeOf = (i) => i % columns - (columns - 1) / 2;
    const markOf = (i) => (Math.round(along[Math.floor(i / columns)]) === placeOf(i) ? "is-now" : "");
    return { columns, names: this.sliders.map(({ row }) => row), markOf };
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
