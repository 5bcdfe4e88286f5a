/** The fifteen conditionals of the 2×2 image as number boxes, grouped by the pixel that they predict. */

import { h, setText } from "../kit/base/dom.js";
import { moreControls } from "../kit/panel/more.js";
import { indexOf, nameOf, PIXELS } from "./chain_rule.js";

const WANTED = "Wanted: a probability, a number from 0 to 1. The value before stays.";

/** Every way in which `count` pixels may have come out. */
const ways = (count) =>
  Array.from(
    { length: 2 ** count },
    (_, i) => Array.from({ length: count }, (_, pixel) => (i >> (count - 1 - pixel)) & 1),
  );

const given = (before) => before.map((_, pixel) => nameOf(pixel)).join("");

/**
 * @param {(index: number, value: number) => void} onchange
 * @returns {{element: Element, show: Function}} `show(p, bits)` sets the values and marks those that `bits` were drawn
 * with
 */
export function createConditionals(onchange) {
  const wanted = h("p", { class: "wanted", role: "status" });
  const boxes = [];
  const groups = Array.from({ length: PIXELS }, (_, pixel) => {
    const before = ways(pixel);
    const title = pixel ? `p(${nameOf(pixel)} = 1 | ${given(before[0])})` : `p(${nameOf(0)} = 1)`;
    for (const bits of before) boxes[indexOf(bits)] = boxOf(pixel, bits, (value) => accept(indexOf(bits), value));
    return h(
      "div",
      { class: "conditional-group", role: "group", "aria-label": title },
      h("h2", {}, title),
      before.map((bits) => boxes[indexOf(bits)].element),
    );
  });

  function accept(index, text) {
    const value = Number(text);
    const good = text.trim() !== "" && value >= 0 && value <= 1;
    setText(wanted, good ? "" : WANTED);
    if (good) onchange(index, Number(value.toPrecision(5)));
    else boxes[index].set(null);
  }

  function show(p, bits) {
    const used = new Set(bits.map((_, pixel) => indexOf(bits.slice(0, pixel))));
    boxes.forEach((box, index) => {
      box.set(p[index]);
      box.element.classList.toggle("used", used.has(index));
    });
  }

  const [last, ...first] = groups.toReversed();
  return { element: h("div", { class: "conditionals" }, first.toReversed(), moreControls(last), wanted), show };
}

function boxOf(pixel, before, onvalue) {
  const condition = before.join("");
  const name = pixel ? `p(${nameOf(pixel)} = 1 | ${given(before)} = ${condition})` : `p(${nameOf(0)} = 1)`;
  const label = h("span", { class: "number" }, condition);
  const input = h("input", { type: "number", inputmode: "decimal", min: 0, max: 1, step: 0.05, "aria-label": name });
  let shown = 0;
  input.addEventListener("change", () => onvalue(input.value));
  /** Shows a value, or with null the one before. */
  const set = (value) => {
    const typing = value !== null && document.activeElement === input && Number(input.value) === value;
    shown = value ?? shown;
    if (!typing) input.value = String(shown);
  };
  return { element: h("label", { class: "conditional" }, label, input), set };
}
