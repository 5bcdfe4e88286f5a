/** One or many: four answers of pix2pix beside four of a diffusion, for the same outline. */

import { imageOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { num } from "../kit/shell/format.js";
import { h } from "../kit/shell/dom.js";
import { classOf, GARMENTS, Given, OfPicture, shareOf } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const TITLES = { pix2pix: "pix2pix, four draws of its dropout", diffusion: "diffusion, four draws of its noise" };

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

  rows(value) {
    const { pix2pix, diffusion } = value?.families ?? {};
    const of = (family) => family?.measured ?? {};
    const spread = (found) => (found ? num(found.value, 3) : "–");
    return [
      ["difference of two answers, diffusion", diffusion ? num(diffusion.spread, 3) : "–", "of 1"],
      ["difference of two answers, pix2pix", pix2pix ? num(pix2pix.spread, 3) : "–", "of 1"],
      ["the same on 500 test images, diffusion", spread(of(diffusion).spread), "of 1"],
      ["the same on 500 test images, pix2pix", spread(of(pix2pix).spread), "of 1"],
      ["class kept, diffusion", ...shareOf(of(diffusion).kept)],
      ["class kept, pix2pix", ...shareOf(of(pix2pix).kept)],
    ];
  }

  words({ families: { pix2pix, diffusion }, steps }) {
    const ratio = diffusion.spread / pix2pix.spread;
    return `Two answers of the diffusion differ ${num(ratio, 1)} times as much as two of pix2pix. ` +
      "An outline leaves the grey levels open. The L1 term rewards one average answer, so pix2pix ignores its noise. " +
      `The diffusion was trained on the same pairs and draws from p(x | outline), in ${steps} steps.`;
  }

  picture() {
    return this.value && this.walls.diffusion.picture();
  }

  table() {
    const { value } = this;
    const lines = Object.entries(value?.families ?? {}).flatMap(([name, { made_as }]) =>
      made_as.map((each, k) => [name, k, each.name, each.share])
    );
    return value && { name: "answers", rows: [["network", "answer", "class", "probability"], ...lines] };
  }
}

export default {
  hint: "How many garments have this outline? Draw again for other noise",
  create: (ctx) => new Many(ctx),
};
