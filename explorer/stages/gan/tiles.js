/** Sixteen images with the discriminator's score under each; a tap or the keys choose one, letters mark the corners. */

import { h, isBrowsers, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";

const COLUMNS = 4;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };
/** Names of the corners of the plane. */
export const CORNERS = ["A", "B", "C"];

export class Tiles {
  /**
   * `count` images; `onChoose(i)` gets the tapped one, and `onCorner(corner, i)` the one for corner A, B or C: 0, 1, 2.
   * @param {{count: number, onChoose: (i: number) => void, onCorner?: ((corner: number, i: number) => void) | null}} how
   */
  constructor({ count, onChoose, onCorner = null }) {
    this.onChoose = onChoose;
    this.onCorner = onCorner;
    this.tiles = Array.from({ length: count }, (_, i) => this.tile(i));
    this.element = h(
      "div",
      { class: "draws", role: "group", "aria-label": "Sixteen images and their scores" },
      this.tiles.map(({ button }) => button),
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  tile(i) {
    const canvas = imageCanvas("", 1);
    canvas.removeAttribute("style");
    canvas.removeAttribute("aria-label");
    canvas.setAttribute("role", "presentation");
    const score = h("span", { class: "number with-numbers" });
    const mark = h("span", { class: "draw-corner", hidden: true });
    const button = h(
      "button",
      {
        type: "button",
        class: "draw",
        "aria-label": `image ${i + 1}`,
        onclick: () => this.onChoose(i),
      },
      canvas,
      score,
      mark,
    );
    return { canvas, score, mark, button };
  }

  key(event) {
    const at = this.tiles.findIndex(({ button }) => button === document.activeElement);
    const corner = CORNERS.indexOf(event.key.toUpperCase());
    if (at < 0 || isBrowsers(event)) return;
    if (event.key in MOVES) this.tiles[at + MOVES[event.key]]?.button.focus();
    else if (corner >= 0 && this.onCorner) this.onCorner(corner, at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * `images` 16 · 784 bytes and a score for each; `names` says what each is; `corners` are marked, `chosen` is framed.
   */
  show({ images, scores, names, corners = [], chosen }) {
    this.tiles.forEach(({ canvas, score, mark, button }, i) => {
      const letter = CORNERS[corners.indexOf(i)];
      drawImage(canvas, imageOf(images, i));
      setText(score, num(scores[i]));
      setText(mark, letter ?? "");
      mark.hidden = !letter;
      button.tabIndex = i === chosen ? 0 : -1;
      button.setAttribute("aria-pressed", String(i === chosen));
      button.setAttribute(
        "aria-label",
        `Image ${i + 1}, ${names[i]}, score ${num(scores[i])}${letter ? `, corner ${letter}` : ""}`,
      );
    });
  }
}
