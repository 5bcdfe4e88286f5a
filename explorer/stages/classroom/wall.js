/** The wall: over the stage, the drawings that the lecturer let through, or what the class has found. */

import { button, fill, h } from "../kit/base/dom.js";
import { drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { fromBase64, toBase64Url, unpackBits } from "../kit/plane/tensors.js";
import { lead } from "../course/leading.js";

const TILE = 84;
/** Questions about one drawing, with the states that ask them; each carries the drawing as one of the visitor's own. */
const ASKS = [
  ["How likely?", "tab=compare&mode=likely"],
  ["Complete it", "tab=compare&mode=finish"],
  ["Anomaly", "tab=compare&mode=odd"],
  ["Encode it", "tab=vae&mode=encode"],
];

export class Wall {
  constructor() {
    this.grid = h("div", { class: "wall-grid" });
    this.asks = h("div", { class: "row wall-asks", hidden: true });
    this.drawn = h("div", { class: "wall-drawings" }, this.asks, this.grid);
    this.results = h("div", { class: "wall-results", hidden: true });
    this.element = h(
      "section",
      { class: "class-wall outside", "aria-label": "Wall of the class", hidden: true },
      h("div", { class: "row" }, h("h2", {}, "Made by the class"), button("Back to the stage", () => this.close())),
      this.drawn,
      this.results,
    );
    this.element.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    document.body.append(this.element);
  }

  open() {
    this.element.hidden = false;
  }

  close() {
    this.element.hidden = true;
  }

  /** Displays drawings. @param {string[]} drawings packed bits in base64 */
  show(drawings) {
    const shown = drawings.join();
    if (shown === this.shown) return;
    this.shown = shown;
    this.turn(true);
    this.asks.hidden = true;
    const tiles = drawings.map((bits, k) => {
      const canvas = imageCanvas(`Drawing ${k + 1}`, TILE);
      drawImage(canvas, toBytes(unpackBits(fromBase64(bits))));
      const tile = h("button", { type: "button", class: "wall-tile", "aria-pressed": "false" }, canvas);
      tile.addEventListener("click", () => this.choose(tile, bits));
      return tile;
    });
    fill(this.grid, tiles.length ? tiles : h("p", {}, "No drawing has been let through yet."));
  }

  /** @param {HTMLElement} tile @param {string} bits */
  choose(tile, bits) {
    for (const each of this.grid.children) each.setAttribute("aria-pressed", String(each === tile));
    const draw = toBase64Url(fromBase64(bits));
    const asks = ASKS.map(([words, state]) =>
      button(words, () => {
        this.close();
        lead(`${state}&draw=${draw}`, [], false);
      })
    );
    this.asks.hidden = false;
    fill(this.asks, h("span", {}, "Ask about this drawing:"), asks);
  }

  /** Displays what the class has found. @param {Node[]} results */
  fill(results) {
    this.turn(false);
    fill(this.results, results);
  }

  /** @param {boolean} isOfDrawings */
  turn(isOfDrawings) {
    this.drawn.hidden = !isOfDrawings;
    this.results.hidden = isOfDrawings;
  }
}
