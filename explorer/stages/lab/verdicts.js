/** Figures of the metrics as marks on one scale: how far each is from its floor, in standard deviations. */

import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";

const FAR = 300; // standard deviations at the ends of the scale
export const SIGNS = { notices: "●", blind: "○", fooled: "▲", "at times": "◐" };

export const LEGEND = Object.entries(SIGNS).map(([verdict, sign]) => `${sign} ${verdict}`).join("  ");

/** Where a number of standard deviations is on the scale, in per cent: linear about the middle, logarithmic beyond. */
const placeOf = (worse) => {
  const share = Math.log1p(Math.min(Math.abs(worse), FAR)) / Math.log1p(FAR);
  return 50 + 50 * Math.sign(worse) * share;
};

/** A metric's title within a sentence: names keep their capital letter. */
export const within = (title) => (/^(Fréchet|Inception)/.test(title) ? title : title.toLowerCase());

export const worseWords = (worse) => `${num(Math.abs(worse), 1)} σ ${worse < 0 ? "better" : "worse"}`;

/** `metrics` are titles by name. */
export function createVerdicts(metrics, limit) {
  const list = h("div", { class: "lab-verdicts result", role: "list", "aria-label": "Metrics, beside their floor" });
  const head = h(
    "div",
    { class: "lab-scale", "aria-hidden": "true" },
    h("span", {}, "← better than real"),
    h("span", {}, "worse →"),
  );
  const [low, high] = [-limit, limit].map((each) => `${placeOf(each)}%`);
  const show = (rows) =>
    fill(
      list,
      rows.map(({ name, value, worse, verdict }) =>
        h(
          "div",
          { class: `lab-row ${verdict}`, role: "listitem" },
          h("span", {}, metrics[name].title),
          h("span", { class: "number" }, num(value, Math.abs(value) < 10 ? 2 : 1)),
          h(
            "span",
            {
              class: "lab-track",
              role: "img",
              style: `--low: ${low}; --high: ${high}`,
              "aria-label": worseWords(worse),
            },
            h("span", { class: "lab-mark", style: `left: ${placeOf(worse)}%` }),
          ),
          h("span", { class: "lab-word", title: verdict }, SIGNS[verdict], h("span", { class: "spoken" }, verdict)),
        )
      ),
    );
  const key = h("p", { class: "lab-legend", "aria-hidden": "true" }, LEGEND);
  return { element: h("div", { class: "lab-judged" }, head, list, key), show };
}
