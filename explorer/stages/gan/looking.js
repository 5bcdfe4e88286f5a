/** The image that is looked at: large, with what is known of it, and the nearest training image under it. */

import { h, setText } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { num } from "../kit/base/format.js";
import { createNearest } from "../kit/image/nearest.js";
import { captioned } from "../kit/panel/parts.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";

const SIZE = 112;
const NOTHING = "–";

export class Looking {
  /** `below` stands under the numbers. */
  constructor(ctx, below) {
    this.ctx = ctx;
    this.nearest = createNearest(ctx);
    this.canvas = imageCanvas("The image that is looked at", SIZE);
    this.figure = captioned(this.canvas, NOTHING);
    this.numbers = headline(this.rows({}), 2);
    this.element = h(
      "div",
      { class: "looking" },
      this.figure,
      h("div", { class: "looking-side" }, this.numbers, below),
    );
  }

  rows({ what = NOTHING, name = NOTHING, score = null }) {
    return [
      ["looking at", what],
      ["requested class", name],
      ["discriminator’s score, above 0: real", num(score)],
    ];
  }

  /** `found` is {image: 784 bytes, what, name, score}; null is nothing yet. */
  show(found) {
    this.figure.style.visibility = found ? "" : "hidden"; // its room stays
    this.ctx.show("out", found?.image ?? null);
    this.numbers.set(this.rows(found ?? {}));
    if (!found) return;
    drawImage(this.canvas, found.image);
    setText(this.figure.caption, found.what);
  }

  /** Looks for the nearest training image, once per key; a null key for none. */
  meet(key, image, dataset) {
    this.nearest.meet(key, key && Float32Array.from(image, (level) => level / 255), dataset);
  }
}
