/** Figures of the metrics as marks on one scale: how far each is from its floor, in standard deviations. */

import { fill, h } from "../kit/shell/dom.js";

const FAR = 300; // standard deviations at the ends of the scale

/** Where a number of standard deviations is on the scale, in per cent: linear about the middle, logarithmic beyond. */
const placeOf = (worse) => {
  const share = Math.log1p(Math.min(Math.abs(worse), FAR)) / Math.log1p(FAR);
  return 50 + 50 * Math.sign(worse) * share;
};

/** `limit` is the number of deviations from which a metric notices, and `legend` says what the signs mean. */
export function createVerdicts({ limit, legend }) {
  const list = h("div", { class: "lab-verdicts result", role: "list", "aria-label": "Metrics, beside their floor" });
  const ends = [h("span", {}, "← better"), h("span", {}, "worse →")];
  const head = h("div", { class: "lab-scale", "aria-hidden": "true" }, ends);
  const [low, high] = [-limit, limit].map((each) => `${placeOf(each)}%`);
  const rowOf = ({ title, text, worse, says, verdict, sign }) => {
    const mark = h("span", { class: "lab-mark", style: `left: ${placeOf(worse)}%` });
    const style = `--low: ${low}; --high: ${high}`;
    return h(
      "div",
      { class: "lab-row", role: "listitem", "data-verdict": verdict },
      h("span", {}, title),
      h("span", { class: "number with-numbers" }, text),
      h("span", { class: "lab-track", role: "img", style, "aria-label": says }, mark),
      h("span", { class: "lab-word", title: verdict }, sign, h("span", { class: "spoken" }, verdict)),
    );
  };
  const key = h("p", { class: "lab-legend", "aria-hidden": "true" }, legend);
  return { element: h("div", { class: "lab-judged" }, head, list, key), show: (rows) => fill(list, rows.map(rowOf)) };
}
