/** z or w? Two ways from one image to another, and how far the features move with every step. */

import { Chart } from "../kit/chart/chart.js";
import { roundEnds } from "../kit/chart/ticks.js";
import { h } from "../kit/shell/dom.js";
import { Told } from "./told.js";

const LINES = { z: { colour: "ink" }, w: { colour: "you" } };

class Path extends Told {
  constructor(ctx) {
    super(ctx, "path", "Two ways from one image to another");
    this.chart = new Chart(ctx, { label: "Distance of the features by step", height: 280 });
    const legend = h("p", { class: "style-legend" }, "orange: along a line in w; the other: along an arc in z");
    const measured = h("div", { class: "result" }, this.chart.element, legend);
    this.open(h("div", { class: "style-screen" }, this.pictures.element, measured));
  }

  draw(value) {
    super.draw(value);
    const { z, w } = value.moves;
    this.chart.show({
      xs: [0, 1],
      ys: [0, 1.05 * Math.max(...z, ...w)],
      ticks: { x: [0, 0.5, 1], y: roundEnds(0, Math.max(...z, ...w)) },
      lines: Object.entries(LINES).map(([space, style]) => ({
        points: value.moves[space].map((move, i, all) => [(i + 0.5) / all.length, move]),
        ...style,
      })),
      name: "How far the classifier's features move, step by step",
      words: this.words(value),
    });
  }
}

export default {
  hint: "Both ways join the same two images: which one is smoother?",
  create: (ctx) => new Path(ctx),
};
