/** log p(x) as a map: every pixel coloured by its surprise, and the numbers of the one that is tapped. */

import { h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { num } from "../kit/shell/format.js";
import { Board, placeOf } from "../kit/image/board.js";
import { Distribution } from "./distribution.js";
import { LARGE } from "../kit/image/pixels.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { probabilities } from "./levels.js";
import { levelName } from "./words.js";

const largest = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

export class SurpriseMap {
  constructor(ctx) {
    this.ctx = ctx;
    this.board = new Board({
      label: "Surprise of every pixel",
      size: LARGE,
      onTap: (pixel) => ctx.store.commit({ pixel }),
    });
    this.legend = createHeatLegend("bits");
    this.distribution = new Distribution(this.ctx);
    const names = ["level", "p(level | pixels before)", "surprise", "entropy expected"];
    this.numbers = headline(names.map((name) => [name, ""]), 2);
    this.main = h(
      "div",
      { class: "beside" },
      h("div", { class: "surprise-board" }, this.board.element, this.legend.element),
      h("div", { class: "beside-side" }, this.distribution.element, this.numbers),
    );
  }

  show(answer) {
    this.answer = answer;
    const { trace, net } = answer;
    this.bits = trace.bits();
    const pixel = this.ctx.store.get().pixel ?? largest(this.bits);
    const level = trace.image()[pixel];
    const words = `${placeOf(pixel)} cost ${num(this.bits[pixel])} bits`;
    this.board.show({ values: trace.grey(), heat: this.bits, ring: pixel, words });
    this.ctx.show("out", trace.grey());
    this.legend.show(this.bits);
    this.distribution.show({
      probabilities: probabilities(net, trace.parametersOf(pixel)),
      drawn: level,
      title: `Predicted for ${placeOf(pixel)}`,
    });
    this.numbers.set([
      ["level", levelName(net, level), ""],
      ["p(level | before)", num(Math.exp(trace.logProb()[pixel]), 4), ""],
      ["surprise", num(this.bits[pixel]), "bits"],
      ["surprise expected", num(trace.entropy()[pixel] / Math.LN2), "bits"],
    ]);
  }

  picture() {
    return this.board.copy();
  }

  table() {
    const { trace, request } = this.answer;
    const logProb = trace.logProb();
    const rows = Array.from(
      trace.image(),
      (level, pixel) => [Math.floor(pixel / 28) + 1, (pixel % 28) + 1, level, logProb[pixel], this.bits[pixel]],
    );
    return {
      name: `${request.net}-surprise`,
      rows: [["row", "column", "level", "log p, nats", "surprise, bits"], ...rows],
    };
  }
}
