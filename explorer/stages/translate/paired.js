/** Paired: an outline becomes a garment, or a skeleton a digit, and the discriminator judges its patches. */

import { enlarged } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { percent } from "../kit/shell/format.js";
import { classOf, OfPicture } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const PATCHES = 7;

class Paired extends OfPicture {
  constructor(ctx) {
    super(ctx, "paired", Object.keys(ctx.value().sources));
    this.pictures = new Pictures("The translation", 2, 2);
    this.lay([], [this.pictures.element]);
  }

  draw({ source, made, made_as, real, real_as, patches }) {
    const kind = this.ctx.value().sources[this.ctx.net().name];
    const [low, high] = [Math.min(...patches), Math.max(...patches)];
    const shades = patches.map((each) => (each - low) / (high - low || 1));
    const shown = [
      { pixels: fromBase64(source), caption: kind },
      { pixels: fromBase64(made), caption: `translation: ${classOf(made_as)}`, result: true },
      {
        pixels: enlarged(shades, PATCHES),
        caption: `real, by D: ${percent(low, 1)} to ${percent(high, 1)}`,
        result: true,
      },
    ];
    if (real) shown.push({ pixels: fromBase64(real), caption: `real image: ${real_as.name}`, result: true });
    this.pictures.show(shown);
    this.ctx.show("s", shown[0].pixels);
    this.ctx.show("y", shown[1].pixels);
  }

  picture() {
    return this.value && this.pictures.picture();
  }
}

export default {
  hint: "Choose a test image, or draw one: the generator fills in its outline",
  create: (ctx) => new Paired(ctx),
};
