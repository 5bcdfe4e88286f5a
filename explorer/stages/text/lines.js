/** Parts of the charts of texts: the legend of their lines, and round values on an axis. */

import { h } from "../kit/shell/dom.js";

const OF = { ink: "", quiet: "of-quiet", you: "of-you" };
const dashOf = (dash) => (dash ? (dash[0] < dash[1] ? "dotted" : "dashed") : "");

/** Names the lines of a chart; `lines` has {title, dash, colour} of each. */
export const lineLegend = (lines) =>
  h(
    "p",
    { class: "line-legend" },
    Object.values(lines).map(({ title, colour, dash }) => h("span", { class: `${OF[colour]} ${dashOf(dash)}` }, title)),
  );

/** At most five round values from `low` to `high`. */
export function roundTicks(high, low = 0) {
  const power = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => 4 * size >= high - low);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from(
    { length: Math.floor(high / step + 1e-9) - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(6)),
  );
}
