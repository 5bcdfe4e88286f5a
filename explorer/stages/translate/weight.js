/** L1 weight: the same outline by networks that were trained with other weights of the L1 term. */

import { imageOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { moreNumbers } from "../kit/shell/more.js";
import { numberTable } from "../kit/shell/parts.js";
import { fill, h } from "../kit/shell/dom.js";
import { classOf, GARMENTS, Given, OfPicture } from "./of_picture.js";
import { Pictures } from "./pictures.js";

class Weight extends OfPicture {
  constructor(ctx) {
    super(ctx, "weight", [GARMENTS]);
    this.given = new Given(ctx, 1);
    this.given.element.classList.add("tr-given");
    this.pictures = new Pictures("The translations by weight", 2, 2);
    this.recorded = h("div", { class: "result tr-recorded" });
    this.lay([moreNumbers(this.recorded)], [this.pictures.element, this.given.element]);
  }

  draw({ source, real, chosen, weights, made, made_as, lines }) {
    this.given.show({ source, real });
    const bytes = fromBase64(made);
    const shown = weights.map((weight, k) => ({
      pixels: imageOf(bytes, k),
      caption: `λ ${weight}: ${classOf(made_as[k])}`,
      result: true,
      chosen: weight === chosen,
    }));
    this.pictures.show(shown);
    this.ctx.show("y", shown[weights.indexOf(chosen)].pixels);
    const head = ["λ", "class kept", "difference", "Fréchet distance", "epochs"];
    fill(this.recorded, numberTable("Recorded on all test images", head, lines));
  }

  picture() {
    return this.value && this.pictures.picture();
  }
}

export default {
  hint: "Choose λ, and compare what the two terms of the loss ask for",
  create: (ctx) => new Weight(ctx),
};
