/** Sixteen pixels to look at and to choose one of: black, white or masked, or how likely each is white. */

import { drawImage, enlarged } from "../kit/image/pixels.js";
import { h, isBrowsers } from "../kit/base/dom.js";

const SIDE = 4;
const MASKED = 2;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE };
const NAMES = ["black", "white", "masked"];

const placeOf = (cell) => `row ${Math.floor(cell / SIDE) + 1}, column ${(cell % SIDE) + 1}`;

/** A probability in a small cell: .07, and 1 only where it is certain. */
const short = (p) => p === 0 || p === 1 ? String(p) : Math.min(0.99, Math.max(0.01, p)).toFixed(2).slice(1);

/** Sixteen pixels as an image of 784, grey where one is masked. */
export const imageOf = (values) => enlarged(values.map((value) => (value === MASKED ? 0.7 : value)), SIDE);

export class Cells {
  /**
   * `soft` pixels are probabilities of white; `onChoose(cell)` gets the selected pixel.
   * @param {(cell: number) => void} onChoose @param {boolean} soft
   */
  constructor(onChoose, soft) {
    this.onChoose = onChoose;
    this.soft = soft;
    this.chosen = 0;
    this.buttons = Array.from(
      { length: SIDE * SIDE },
      (_, cell) => h("button", { type: "button", class: "cell", onclick: () => onChoose(cell) }),
    );
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.element = h("div", { class: "cells", role: "group" }, this.canvas, this.buttons);
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const next = this.chosen + (MOVES[event.key] ?? NaN);
    if (!(event.key in MOVES) || isBrowsers(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const sideways = Math.abs(MOVES[event.key]) === 1;
    const inRow = Math.floor(next / SIDE) === Math.floor(this.chosen / SIDE);
    if (!this.buttons[next] || (sideways && !inRow)) return;
    this.onChoose(next);
    this.buttons[next].focus();
  }

  show(values, chosen, label) {
    this.chosen = chosen;
    this.element.setAttribute("aria-label", label);
    drawImage(this.canvas, imageOf(values));
    this.buttons.forEach((each, cell) => {
      const value = values[cell];
      each.setAttribute("aria-label", `${placeOf(cell)}: ${this.soft ? `white with ${short(value)}` : NAMES[value]}`);
      each.setAttribute("aria-pressed", String(cell === chosen));
      each.tabIndex = cell === chosen ? 0 : -1;
      each.classList.toggle("light", value > 0.45);
      each.dataset.says = this.soft ? short(value) : value === MASKED ? "?" : "";
    });
  }
}
