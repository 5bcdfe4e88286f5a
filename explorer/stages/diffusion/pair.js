/**
 * xₜ beside the network's prediction x̂₀ of the final image: of one image, or of sixteen, one of which can be enlarged.
 */

import { Board } from "../kit/image/board.js";
import { button, h, setText } from "../kit/base/dom.js";
import { imageOf, LARGE, PIXELS } from "../kit/image/pixels.js";
import { Wall } from "../kit/image/wall.js";

const NAMES = { x: "The noisy images xₜ", x0: "The network's guesses x̂₀ of the end" };

/** The images of a frame as grey levels 0…1; black before the first. */
const greysOf = (bytes, count) =>
  Array.from(
    { length: count },
    (_, i) => (bytes ? Float32Array.from(imageOf(bytes, i), (level) => level / 255) : new Float32Array(PIXELS)),
  );

export class Pair {
  /** `onChoose(i)` gets the selected one of sixteen; `onEnlarge(on)` says whether it fills the screen. */
  constructor({ onChoose, onEnlarge }) {
    const onOpen = () => onEnlarge(true);
    const sideOf = (key) => ({
      board: new Board({ label: NAMES[key], size: LARGE }),
      wall: new Wall({
        label: `${NAMES[key]}. Arrow keys choose one, Enter enlarges it.`,
        onChoose,
        onOpen,
        size: LARGE,
      }),
      caption: h("span"),
    });
    this.sides = { x: sideOf("x"), x0: sideOf("x0") };
    this.back = button("All 16", () => onEnlarge(false), { title: "Show all sixteen images again" });
    this.element = h(
      "div",
      { class: "pair" },
      Object.entries(this.sides).map(([key, side]) => this.figureOf(key, side)),
    );
  }

  figureOf(key, { board, wall, caption }) {
    const under = h("figcaption", { class: "row pair-words" }, caption, key === "x0" && this.back);
    return h("figure", {}, board.element, wall.element, under);
  }

  /** `frame` null is none yet; `words` {x, x0} stand under the pictures. */
  show(frame, { count, chosen, enlarged, words }) {
    const many = count > 1 && !enlarged;
    this.back.hidden = count === 1 || !enlarged;
    for (const [key, { board, wall, caption }] of Object.entries(this.sides)) {
      const bytes = (key === "x" ? frame?.x : frame?.pictures[key]) ?? null;
      const known = bytes ? PIXELS : 0;
      board.element.hidden = many;
      wall.element.hidden = !many;
      setText(caption, words[key]);
      const images = greysOf(bytes, count);
      if (many) wall.show({ images, known, order: null, chosen, ring: null, words: words[key] });
      else board.show({ values: images[chosen], known, words: words[key] });
    }
  }
}

/** Both pictures of a frame on a canvas, side by side: the images numbered `shown`, `scale` pixels a pixel. */
