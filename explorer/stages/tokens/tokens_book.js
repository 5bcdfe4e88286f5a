/** A codebook as pictures: what lies around the tokens of each code, and how often each is used. */

import { h } from "../kit/base/dom.js";
import { percent } from "../kit/base/format.js";
import { rove } from "../kit/base/rove.js";
import { fromBase64 } from "../kit/plane/tensors.js";

const MANY = 16;

/** The codebook as buttons, in the order of use; `onChoose(code)` is told which was pressed. */
export function createBook({ onChoose }) {
  const element = rove(h("div", { class: "token-book", role: "group", "aria-label": "The codebook" }));
  let [shown, buttons] = [null, []];

  /** `book` is what the server tells of it, `use` the share of each code, `chosen` the code that is marked. */
  function show(book, use, chosen) {
    if (book !== shown) fillWith(book, use);
    shown = book;
    buttons.forEach((button, code) => button.setAttribute("aria-pressed", String(code === chosen)));
  }

  function fillWith({ pictures, codes, side }, use) {
    const bytes = fromBase64(pictures);
    buttons = Array.from({ length: codes }, (_, code) => {
      const canvas = h("canvas", { class: "crisp", width: side, height: side, "aria-hidden": "true" });
      paint(canvas, bytes.subarray(code * side * side, (code + 1) * side * side), side);
      const share = use ? `, ${percent(use[code], 1)} of all tokens` : "";
      const label = `Code ${code}${share}`;
      const bar = h("span", { class: "token-use" });
      bar.style.width = `${use ? (100 * use[code]) / Math.max(...use) : 0}%`;
      return h(
        "button",
        { type: "button", class: "token-code", title: label, "aria-label": label, onclick: () => onChoose(code) },
        canvas,
        bar,
      );
    });
    const order = use ? [...use.keys()].sort((a, b) => use[b] - use[a]) : [...buttons.keys()];
    element.classList.toggle("many", codes > MANY);
    element.replaceChildren(...order.map((code) => buttons[code]));
  }

  return { element, show };
}

function paint(canvas, bytes, side) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  bytes.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  context.putImageData(image, 0, 0);
}
