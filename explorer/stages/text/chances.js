/** The prediction for one character: the likeliest ones, as bars; each can be taken instead. */

import { fill, h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { rove } from "../kit/base/rove.js";

const FEW = 4; // at first sight
const NAMES = { " ": "space", "\n": "line break" };

/** A character as it is named on the page. */
const nameOf = (character) => NAMES[character] ?? character;

export class Chances {
  /** `onTake(character)` sets another character in place of the drawn one. */
  constructor({ onTake }) {
    this.onTake = onTake;
    this.element = rove(h("div", { class: "chances", role: "group", "aria-label": "Predicted characters" }));
  }

  /** `rows` is a list of {character, p, q}; `drawn` is the one that was drawn. */
  show(rows, drawn) {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = this.element.contains(active) ? active.dataset.at : null;
    fill(this.element, rows.map((row, i) => this.rowOf(row, row.character === drawn, i)));
    if (focused !== null) /** @type {HTMLElement | undefined} */ (this.element.children[focused])?.focus();
  }

  rowOf({ character, p, q }, isDrawn, at) {
    const words = `${nameOf(character)}: ${num(100 * p)} %${q === 0 ? ", cut away" : ""}${isDrawn ? ", drawn" : ""}`;
    return h(
      "button",
      {
        type: "button",
        class: `chance${isDrawn ? " drawn" : at < FEW ? "" : " with-numbers"}${q === 0 ? " cut" : ""}`,
        "aria-label": `${words}. Set it to this.`,
        "data-at": at,
        onclick: () => this.onTake(character),
      },
      h("span", { class: "chance-name" }, nameOf(character)),
      h("span", { class: "chance-bar", style: `--p: ${100 * p}%; --q: ${100 * q}%` }),
      h("span", { class: "number" }, `${(100 * p).toFixed(1)} %`),
    );
  }
}
