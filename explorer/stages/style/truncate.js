/** Truncate: sixteen images move towards the mean of w; precision and recall beside them, as measured. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { keySlider } from "../kit/shell/slider.js";
import { Told } from "./told.js";

const STEP = 0.1;
const LINES = { precision: { colour: "ink" }, recall: { colour: "you" } };

class Truncate extends Told {
  constructor(ctx) {
    super(ctx, "truncate", "Truncated samples");
    this.slider = keySlider(ctx, "psi", "ψ", { step: STEP, words: (value) => num(value, 1), live: true });
    this.chart = new Chart(ctx, {
      label: "Precision and recall by ψ",
      height: 400,
      onMove: (psi, { rest }) =>
        ctx.store.set({ psi: Number((STEP * Math.round(psi / STEP)).toFixed(1)) }, { commit: rest }),
    });
    const legend = h(
      "p",
      { class: "style-legend" },
      "orange: recall; the other line: precision; bands: 95 % intervals",
    );
    const measured = h("div", { class: "result" }, this.chart.element, legend);
    const images = h("div", {}, this.pictures.element, h("div", { class: "style-slider" }, this.slider.element));
    this.open(h("div", { class: "style-screen style-two" }, images, measured));
  }

  shown({ steps }) {
    return steps[Math.round(this.ctx.store.get().psi / STEP)];
  }

  show() {
    this.slider.set(this.ctx.store.get().psi);
    super.show();
  }

  draw(value) {
    super.draw(value);
    const band = (points) => [
      ...points.map(([psi, , low]) => [psi, low]),
      ...points.toReversed().map(([psi, , , high]) => [psi, high]),
    ];
    const known = Object.entries(LINES).filter(([name]) => value.curves[name].length);
    this.chart.show({
      xs: [0, 1],
      ys: [0, 1],
      ticks: { x: [0, 0.5, 1], y: [0, 0.5, 1] },
      areas: known.map(([name, { colour }]) => ({ points: band(value.curves[name]), colour })),
      lines: known.map(([name, style]) => ({ points: value.curves[name].map(([x, y]) => [x, y]), ...style })),
      cursor: this.ctx.store.get().psi,
      name: "Precision and recall, by ψ",
      words: this.words(value),
    });
  }
}

export default {
  hint: "Drag ψ towards 0: the images become more alike",
  create: (ctx) => new Truncate(ctx),
};
