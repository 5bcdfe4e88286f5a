/** Figures of the metrics as marks on one scale: how far each is from its floor, in standard deviations. */

import { fill, h, svg } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";

const FAR = 300; // standard deviations at the ends of the scale

/** Place of a number of standard deviations on the scale, in per cent: linear about the middle, logarithmic beyond. */
const placeOf = (worse) => {
  const share = Math.log1p(Math.min(Math.abs(worse), FAR)) / Math.log1p(FAR);
  return 50 + 50 * Math.sign(worse) * share;
};

/** The rows of the `metrics` wait for their figures. `limit` is the number of deviations from which a metric notices; the mark of one that does not is hollow. */
export function createVerdicts({ limit, metrics }) {
  const list = h("div", { class: "lab-verdicts result", role: "list", "aria-label": "Metrics, beside their floor" });
  const ends = ["better", "real images", "worse, σ"].map((text) => h("span", {}, text));
  const head = h("div", { class: "lab-scale", "aria-hidden": "true" }, ends);
  const [low, high] = [-limit, limit].map(placeOf);
  const rowOf = ({ title, worse, says, verdict }) => {
    const isKnown = worse !== undefined;
    const real = svg("rect", { class: "lab-real", x: `${low}%`, width: `${high - low}%`, height: "100%" });
    const mark = isKnown ? [svg("circle", { class: "lab-mark", cx: `${placeOf(worse)}%`, cy: "50%", r: 5 })] : [];
    return h(
      "div",
      { class: "lab-row", role: "listitem", "data-verdict": verdict },
      h("span", {}, title),
      h("span", {}, isKnown ? num(worse, 1) : "measuring", h("span", { class: "spoken" }, verdict)),
      svg("svg", { class: "lab-track", role: "img", "aria-label": says ?? "measuring" }, real, ...mark),
    );
  };
  const show = (rows) => fill(list, rows.map(rowOf));
  const note = "Grey: real sets, ±\u00a02\u00a0σ. Log scale.";
  show(metrics.map((title) => ({ title })));
  return { element: h("div", { class: "lab-judged" }, head, list, h("p", { class: "quiet" }, note)), show };
}
