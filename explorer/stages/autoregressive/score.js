/**
 * Score: the exact log p(x) of any picture, where it comes from, whom it would flag, and the classifier that it makes.
 */

import { h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { Board, placeOf } from "../kit/image/board.js";
import { LARGE } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { segmented } from "../kit/panel/parts.js";
import { Distribution } from "./distribution.js";
import { levelName, probabilities } from "./levels.js";
import { Trace } from "./trace.js";

const PARTS = { map: "Map", histograms: "Histograms", bayes: "Bayes" };

/** @param {import("../kit/panel/mode.js").Self} self */
function score(self) {
  const { ctx, state } = self;
  const { commit } = ctx.store;
  const { value, asked, shown, show } = exhibit(self, {
    rows: (rows) => [...rows, ...(trace.value ? pixelRows(trace.value, pixel()) : [])],
  });
  const trace = computed(() => shown.value?.parameters && new Trace(value.value, ctx.value().nets[asked.value.net]));
  const pixel = () => state.pixel ?? value.value.watched;

  const board = new Board({ label: "Surprise of every pixel", size: LARGE, onTap: (pixel) => commit({ pixel }) });
  const legend = createHeatLegend("bits");
  const distribution = new Distribution(ctx);
  const map = h(
    "div",
    { class: "beside", hidden: () => !trace.value },
    h("div", { class: "surprise-board" }, board.element, legend.element),
    h("div", { class: "beside-side" }, distribution.element),
  );
  whenever(() => {
    if (!trace.value) return;
    const bits = trace.value.bits();
    const words = `${placeOf(pixel())} cost ${num(bits[pixel()])} bits`;
    board.show({ values: trace.value.grey(), heat: bits, ring: pixel(), words });
    legend.show(bits);
    distribution.show({
      probabilities: probabilities(trace.value.net, trace.value.parametersOf(pixel())),
      drawn: trace.value.image()[pixel()],
      mark: "real",
      title: `Predicted for ${placeOf(pixel())}`,
    });
  });
  const choose = (part) => commit({ part: part === "map" ? null : part });
  const choice = segmented("What to show", Object.entries(PARTS), choose);
  whenever(() => choice.set(state.part in PARTS ? state.part : "map"));
  return show({ add: [map], below: [choice] }).mode;
}

/** Numbers of a pixel. @returns {FigureRow[]} */
const pixelRows = (trace, pixel) => [
  ["level", levelName(trace.net, trace.image()[pixel]), ""],
  ["p(level | before)", num(Math.exp(trace.logProb()[pixel]), 4), ""],
  ["surprise", num(trace.bits()[pixel]), "bits"],
  ["surprise expected", num(trace.entropy()[pixel] / Math.LN2), "bits"],
];

export default mode(score, { hint: "One pass gives the exact −log p(x) of any picture" });
