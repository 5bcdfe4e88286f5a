/** One or many: four answers of pix2pix beside four of a diffusion, for the same outline. */

import { imageOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/shell/dom.js";
import { classOf, GARMENTS, Given, OfPicture } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const TITLES = { pix2pix: "pix2pix, four times dropout", diffusion: "diffusion, four times noise" };

class Many extends OfPicture {
  constructor(ctx) {
    super(ctx, "many", [GARMENTS]);
    this.given = new Given(ctx);
    this.walls = Object.fromEntries(Object.entries(TITLES).map(([name, title]) => [name, new Pictures(title, 4)]));
    const walls = Object.entries(this.walls).map(([name, wall]) => [h("h2", {}, TITLES[name]), wall.element]);
    this.lay([this.given.element], walls.flat());
  }

  draw({ source, real, families }) {
    this.given.show({ source, real });
    for (const [name, { made, made_as }] of Object.entries(families)) {
      const bytes = fromBase64(made);
      this.walls[name].show(
        made_as.map((each, k) => ({ pixels: imageOf(bytes, k), caption: classOf(each), result: true })),
      );
    }
    this.ctx.show("y", imageOf(fromBase64(families.pix2pix.made), 0));
  }

  picture() {
    return this.value && this.walls.diffusion.picture();
  }
}

export default {
  hint: "How many garments have this outline?",
  create: (ctx) => new Many(ctx),
};
