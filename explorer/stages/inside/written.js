/** One value written out: its sum with the numbers, the formula, and the line of code; each number can be changed. */

import { button, fill, h } from "../kit/base/dom.js";
import { full } from "../kit/base/format.js";
import { paint } from "./pictures.js";

const PLACES = 4; // decimal places of a number in a sum
const DEEPER = "Several operations give this value. Open a layer above: its values are written out.";

/**
 * @typedef {{w: number, x: number, product: number, place: number[], of_x: string, of_w: string | null}} Term
 * @typedef {{at: number, value: number, place: number[], formula: string, terms: Term[], count: number, rest: number,
 *   bias: number | null, parts: [string, number][], operation: string | null}} Written
 */

/** A number in a sum: four decimal places, or digits that count. @param {number | null} value */
const short = (value) =>
  value === null
    ? "∞"
    : full(value !== 0 && Math.abs(value) < 1e-3 ? Number(value.toPrecision(2)) : +value.toFixed(PLACES));

/** A place as indices. @param {number[]} place */
const at = (place) => `[${place.join(", ")}]`;

/**
 * The box of a number that a visitor may change; `change(text)` gets the whole change.
 * @param {string} label @param {number} value @param {string | null} what @param {(text: string) => void} change
 */
function numberOf(label, value, what, change) {
  if (!what) return h("span", { class: "number" }, short(value));
  const input = h("input", {
    type: "number",
    step: "any",
    "aria-label": label,
    value: short(value).replace("\u2212", "-"),
  });
  input.addEventListener("change", () => {
    const next = Number(input.value);
    if (input.value === "" || !Number.isFinite(next) || Math.abs(next) > 1000) input.value = input.defaultValue;
    else change(`${what}=${Number(next.toFixed(6))}`);
  });
  return input;
}

/** @param {Term} term @param {(text: string) => void} change */
const rowOf = (term, change) =>
  h(
    "tr",
    {},
    h("td", {}, numberOf(`weight of ${at(term.place)}`, term.w, term.of_w, change)),
    h("td", {}, "·"),
    h("td", {}, numberOf(`x at ${at(term.place)}`, term.x, term.of_x, change)),
    h("td", { class: "number" }, `= ${short(term.product)}`),
    h("td", { class: "quiet number" }, at(term.place)),
  );

/** A line of a sum without changes. @param {string} name @param {number} value */
const line = (name, value) =>
  h("tr", {}, h("td", { colspan: 3 }, name), h("td", { class: "number" }, `= ${short(value)}`), h("td"));

/** @param {Written} value @param {(text: string) => void} change */
function sumOf({ terms, count, rest, bias }, change) {
  const head = h(
    "tr",
    {},
    ["weight w", "", "input x", "w · x", "place of x"].map((text) => text ? h("th", { scope: "col" }, text) : h("td")),
  );
  const others = count - terms.length;
  const rows = terms.map((term) => rowOf(term, change));
  if (others > 0) rows.push(line(`+ the rest, ${others.toLocaleString("en")} terms`, rest));
  if (bias !== null) rows.push(line("+ bias b", bias));
  return h("table", { class: "inside-sum" }, h("thead", {}, head), h("tbody", {}, rows));
}

/**
 * Shows a value, or how to choose one.
 * @param {HTMLElement} element @param {Written | null} value @param {(text: string) => void} change
 */
export function showValue(element, value, change) {
  if (!value) return fill(element, h("p", { class: "quiet" }, "Press a value in the picture. It is written out here."));
  const parts = value.parts.map(([name, number]) =>
    h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, short(number)))
  );
  return fill(
    element,
    h(
      "p",
      { class: "inside-y" },
      h("span", {}, `y${at(value.place)} = `),
      h("b", { class: "number" }, full(value.value)),
    ),
    value.formula && h("p", { class: "inside-formula" }, value.formula),
    value.terms.length ? sumOf(value, change) : null,
    parts.length ? h("dl", { class: "figures" }, parts) : null,
    value.terms.length || parts.length
      ? null
      : h("p", { class: "quiet" }, value.operation ? "No sum is written out for this operation." : DEEPER),
  );
}

/**
 * Shows the code that called a layer, with its line lit.
 * @param {HTMLElement} element @param {{name: string, lines: string[], first: number, lit: number} | null} code
 */
export function showCode(element, code) {
  element.hidden = !code;
  if (!code) return;
  const lines = code.lines.map((text, i) => h(i === code.lit ? "mark" : "span", {}, `${text}\n`));
  fill(
    element,
    h("p", { class: "quiet", translate: "no" }, code.name),
    h("pre", { translate: "no", tabindex: 0 }, lines),
  );
  const [pre, lit] = [element.querySelector("pre"), element.querySelector("mark")];
  if (lit) pre.scrollTop = /** @type {HTMLElement} */ (lit).offsetTop - pre.clientHeight / 2;
}

/**
 * Shows what comes out before and after a change.
 * @param {HTMLElement} element @param {Record<string, any> | null} result @param {() => void} reset
 */
export function showResult(element, result, reset) {
  element.hidden = !result;
  if (!result) return;
  const pictures = ["before", "after"].filter((which) => result[which]).map((which) => {
    const canvas = h("canvas", { class: "inside-thumb", "aria-hidden": "true" });
    paint(canvas, result[which]);
    return h("figure", {}, canvas, h("figcaption", { class: "quiet" }, which));
  });
  const most = result.most === null ? "" : `The output changes by ${short(result.most)} at most.`;
  fill(element, h("div", { class: "inside-pair" }, pictures), h("p", {}, most), button("Reset", reset));
}
