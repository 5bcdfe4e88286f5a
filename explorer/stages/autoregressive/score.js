/**
 * Score: the exact log p(x) of any picture, where it comes from, whom it would flag, and the classifier that it makes.
 */

import { createHeatLegend } from "../kit/chart/heat.js";
import { Board, placeOf } from "../kit/image/board.js";
import { LARGE } from "../kit/image/pixels.js";
import { h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num } from "../kit/base/format.js";
import { segmented } from "../kit/panel/parts.js";
import { Distribution } from "./distribution.js";
import { levelName, probabilities } from "./levels.js";
import { Trace } from "./trace.js";

const PARTS = { map: "Map", histograms: "Histograms", bayes: "Bayes" };

class Score extends Exhibit {
  add() {
    const { commit } = this.ctx.store;
    this.board = new Board({ label: "Surprise of every pixel", size: LARGE, onTap: (pixel) => commit({ pixel }) });
    this.legend = createHeatLegend("bits");
    this.distribution = new Distribution(this.ctx);
    const board = h("div", { class: "surprise-board" }, this.board.element, this.legend.element);
    this.map = h("div", { class: "beside" }, board, h("div", { class: "beside-side" }, this.distribution.element));
    return [this.map];
  }

  below() {
    const choose = (part) => this.ctx.store.commit({ part: part === "map" ? null : part });
    this.choice = segmented("What to show", Object.entries(PARTS), choose);
    return [this.choice];
  }

  update(changed) {
    const { part } = this.ctx.store.get();
    this.choice.set(part in PARTS ? part : "map");
    super.update(changed);
  }

  draw(value) {
    super.draw(value);
    this.map.hidden = !value.parameters;
    if (!value.parameters) return;
    const { nets } = this.ctx.value();
    const trace = (value.trace ??= new Trace(value, nets[this.answer.asked.net]));
    const bits = trace.bits();
    const pixel = this.ctx.store.get().pixel ?? value.watched;
    const words = `${placeOf(pixel)} cost ${num(bits[pixel])} bits`;
    this.board.show({ values: trace.grey(), heat: bits, ring: pixel, words });
    this.legend.show(bits);
    this.distribution.show({
      probabilities: probabilities(trace.net, trace.parametersOf(pixel)),
      drawn: trace.image()[pixel],
      mark: "real",
      title: `Predicted for ${placeOf(pixel)}`,
    });
    this.pixel = [
      ["level", levelName(trace.net, trace.image()[pixel]), ""],
      ["p(level | before)", num(Math.exp(trace.logProb()[pixel]), 4), ""],
      ["surprise", num(bits[pixel]), "bits"],
      ["surprise expected", num(trace.entropy()[pixel] / Math.LN2), "bits"],
    ];
  }

  rows(value) {
    return [...super.rows(value), ...(value?.parameters ? this.pixel : [])];
  }
}

export default {
  hint: "One pass gives the exact −log p(x) of any picture",
  create: (ctx) => new Score(ctx, "score"),
};
