/** The legend of the lines of a chart of texts. */

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
