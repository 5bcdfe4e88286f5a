/** The image that is looked at: large, with what is known of it, and the nearest training image under it. */

import { h, setText } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { createNearest } from "../kit/image/nearest.js";
import { captioned } from "../kit/panel/parts.js";
import { figuresOf } from "../kit/panel/says.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";

const SIZE = 112;

export class Looking {
  /**
   * The mode's panel is `declared`; `below` stands under the numbers.
   * @param {Ctx} ctx @param {Panel} declared @param {Child | Child[]} below
   */
  constructor(ctx, declared, below) {
    /** @type {Ctx} */
    this.ctx;
    /** @type {Panel} */
    this.declared;
    Object.assign(this, { ctx, declared });
    this.nearest = createNearest(ctx);
    this.canvas = imageCanvas("The image that is looked at", SIZE);
    this.figure = captioned(this.canvas, "");
    this.numbers = headline(figuresOf(declared, {}), 2);
    this.element = h(
      "div",
      { class: "looking" },
      this.figure,
      h("div", { class: "looking-side" }, this.numbers, below),
    );
  }

  /** `found` is {image: 784 bytes, what, name, score}; null is nothing yet. */
  show(found) {
    this.figure.style.visibility = found ? "" : "hidden"; // its room stays
    this.ctx.show("out", found?.image ?? null);
    this.numbers.set(figuresOf(this.declared, found ?? {}));
    if (!found) return;
    drawImage(this.canvas, found.image);
    setText(this.figure.caption, found.what);
  }

  /** Looks for the nearest training image, once per key; a null key for none. */
  meet(key, image, dataset) {
    this.nearest.meet(key, key && Float32Array.from(image, (level) => level / 255), dataset);
  }
}
