/** Directions: the principal directions of w, a slider each, beside what lies along them. */

import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { h, setName, setText } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num } from "../kit/base/format.js";
import { createSlider } from "../kit/panel/slider.js";

const SIZE = 168; // px

class Directions extends Exhibit {
  below() {
    this.canvas = imageCanvas("The image of the sliders", SIZE);
    this.sliders = this.ctx.fields.along.bounds.map(([low, high], i) => this.sliderAt(i, { low, high }));
    return [this.canvas];
  }

  sliderAt(i, field) {
    const name = h("span");
    const slider = createSlider("", {
      field,
      step: 0.5,
      label: `Direction ${i + 1}`,
      words: (value) => num(value, 1),
      onPreview: (value) => this.preview(i, value),
      onRelease: (value) => this.ctx.store.commit({ along: this.now("along").with(i, value) }),
    });
    return { ...slider, name, row: h("div", { class: "style-direction" }, name, slider.element) };
  }

  /** While a slider is dragged, the image is the nearest of its strip. */
  preview(i, value) {
    const [grid] = this.value?.grids ?? [];
    const { columns } = this.imageGrids[0];
    const place = i * columns + Math.round(value) + (columns - 1) / 2;
    if (grid) drawImage(this.canvas, imageOf(this.bytesOf(grid.images), place));
  }

  /** The names of the rows are the sliders. */
  shown(value) {
    const [{ names, ...grid }] = value.grids;
    this.sliders.forEach(({ name, input }, i) => {
      setText(name, names[i]);
      input.setAttribute("aria-label", names[i]);
    });
    return { ...value, grids: [{ ...grid, names: this.sliders.map(({ row }) => row) }] };
  }

  show() {
    this.sliders.forEach(({ set }, i) => set(this.now("along")[i]));
    super.show();
  }

  draw(value) {
    super.draw(value);
    drawImage(this.canvas, this.bytesOf(value.pictures.out));
    setName(this.canvas, "The image of the sliders", value.seen);
  }
}

export default {
  create: (ctx) => new Directions(ctx, "directions"),
};
