/** Colour by surprise: dark where a pixel was expected, bright where it was not; the scale is a square root. */

import { h, setName, setText } from "../base/dom.js";
import { num } from "../base/format.js";
import { rgba } from "../image/paint.js";

const STOPS = [[12, 10, 40], [110, 25, 110], [220, 70, 60], [250, 160, 30], [255, 250, 190]];
const FLOOR = 1;

/** The surprise at the bright end. @param {Numbers} costs */
export const heatTop = (costs) => Math.max(FLOOR, Math.ceil(costs.reduce((most, value) => Math.max(most, value), 0)));

/** The colour of a surprise, as image data hold it. @param {number} cost @param {number} top */
export function heatColour(cost, top) {
  const place = Math.sqrt(Math.min(1, Math.max(0, cost / top))) * (STOPS.length - 1);
  const at = Math.min(STOPS.length - 2, Math.floor(place));
  const [red, green, blue] = STOPS[at].map((from, i) => Math.round(from + (STOPS[at + 1][i] - from) * (place - at)));
  return rgba(red, green, blue);
}

/** The scale in a unit; `.show(costs)` sets it to an image's. @param {"bits" | "nats"} unit */
export function createHeatLegend(unit) {
  const colours = STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ");
  const bar = h("span", { class: "heat-bar" });
  bar.style.background = `linear-gradient(to right, ${colours})`;
  const ticks = [0, 1, 2].map(() => h("span", { class: "number" }));
  const element = h(
    "div",
    { class: "heat-legend", role: "img" },
    h("span", { class: "quiet" }, `surprise, ${unit}; square-root scale`),
    h("div", { class: "heat-scale" }, bar, h("div", { class: "heat-ticks" }, ticks)),
  );
  const show = (/** @type {Numbers} */ costs) => {
    const top = heatTop(costs);
    [0, top / 4, top].forEach((value, i) => setText(ticks[i], num(value, value % 1 ? 2 : 0)));
    setName(element, `Colours: dark is 0 ${unit} of surprise, bright is ${top} ${unit}`);
  };
  return { element, show };
}
