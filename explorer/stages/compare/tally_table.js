/** The visitor's error rate by family, with its interval on a scale from 0 to 1. */

import { fill, h } from "../kit/shell/dom.js";
import { percent } from "../kit/shell/format.js";
import { wilson } from "./interval.js";

const place = (share) => `${100 * share}%`;

/** From 0 to 100 %: the interval as a bar, the rate as a line in it, and 50 % as a line behind. */
function intervalBar({ wrong, n }) {
  const [low, high] = wilson(wrong, n);
  const reach = h("span", { class: "interval-reach" });
  const rate = h("span", { class: "interval-rate" });
  Object.assign(reach.style, { left: place(low), width: place(high - low) });
  rate.style.left = place(wrong / n);
  return h("span", { class: "interval" }, reach, rate);
}

function rowOf({ title, n, wrong }) {
  const [low, high] = wilson(wrong, n);
  const cells = n === 0
    ? ["0", "–", "", "–"]
    : [String(n), percent(wrong / n), intervalBar({ wrong, n }), `${percent(low)} … ${percent(high)}`];
  return h("tr", {}, h("th", { scope: "row" }, title), cells.map((cell) => h("td", {}, cell)));
}

export function createTallyTable() {
  const head = h(
    "tr",
    {},
    ["", "seen", "wrong", "0 … 100 %", "95 %"].map((text) => (text ? h("th", { scope: "col" }, text) : h("td"))),
  );
  const body = h("tbody");
  const element = h(
    "table",
    { class: "numbers tally", "aria-label": "Your error rate by family" },
    h("thead", {}, head),
    body,
  );
  let shown = null;

  /** `rows` is a list of {title, n, wrong}. */
  function show(rows) {
    const key = JSON.stringify(rows);
    if (key === shown) return;
    shown = key;
    fill(body, rows.map(rowOf));
  }

  return { element, show };
}
