/** The visitor's error rate and sensitivity by family, with their intervals, beside what a metric says. */

import { fill, h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { sensitivity } from "./interval.js";

/** d′ with its interval; an end that is not finite cannot be told from so few rounds. */
export function sensitivityOf({ n, wrong }) {
  const end = (value) => Number.isFinite(value) ? num(value, 1) : value < 0 ? "−∞" : "∞";
  const [, low, high] = sensitivity(n - wrong, n).map(end);
  return `${low} … ${high}`;
}

function rowOf({ title, n, wrong, frechet }) {
  const judged = frechet === null ? "–" : num(frechet, 1);
  const cells = n === 0 ? ["–", "–", judged] : [`${wrong} of ${n}`, sensitivityOf({ n, wrong }), judged];
  return h("tr", {}, h("th", { scope: "row" }, title), cells.map((cell) => h("td", {}, cell)));
}

export function createTallyTable() {
  const head = h(
    "tr",
    {},
    ["", "wrong", "d′, 95 %", "Fréchet"].map((
      text,
    ) => (text ? h("th", { scope: "col" }, text) : h("td"))),
  );
  const body = h("tbody");
  const element = h(
    "table",
    { class: "numbers tally", "aria-label": "Your error rate by family" },
    h("thead", {}, head),
    body,
  );
  let shown = null;

  /** `rows` is a list of {title, n, wrong, frechet}, the last one over its floor. */
  function show(rows) {
    const key = JSON.stringify(rows);
    if (key === shown) return;
    shown = key;
    element.hidden = rows.length === 0;
    fill(body, rows.map(rowOf));
  }

  return { element, show };
}
