/** L1 weight: the same outline by networks that were trained with other weights of the L1 term. */

import { imageOf } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { num } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { numberTable } from "../kit/shell/parts.js";
import { fill, h } from "../kit/shell/dom.js";
import { classOf, GARMENTS, Given, OfPicture, shareOf } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const figure = (found, digits) => (found ? num(found.value, digits) : "–");

class Weight extends OfPicture {
  constructor(ctx) {
    super(ctx, "weight", [GARMENTS]);
    this.given = new Given(ctx, 1);
    this.given.element.classList.add("tr-given");
    this.pictures = new Pictures("The translations by weight", 2, 2);
    this.recorded = h("div", { class: "result tr-recorded" });
    this.lay([moreNumbers(this.recorded)], [this.pictures.element, this.given.element]);
  }

  draw({ source, real, chosen, weights, made, made_as, measured, epochs }) {
    this.given.show({ source, real });
    const bytes = fromBase64(made);
    const shown = weights.map((weight, k) => ({
      pixels: imageOf(bytes, k),
      caption: `λ = ${weight}: ${classOf(made_as[k])}`,
      result: true,
      chosen: weight === chosen,
    }));
    this.pictures.show(shown);
    this.ctx.show("y", shown[weights.indexOf(chosen)].pixels);
    const head = ["λ", "class kept", "difference", "Fréchet distance", "epochs"];
    const lines = weights.map((weight, k) => {
      const { kept, error, frechet } = measured[k];
      return [String(weight), shareOf(kept).join(" "), figure(error, 3), figure(frechet, 1), String(epochs[k])];
    });
    fill(this.recorded, numberTable("Recorded on all test images", head, lines));
  }

  get at() {
    const { weights, chosen } = this.value;
    return weights.indexOf(chosen);
  }

  rows(value) {
    const { kept, error, frechet, spread } = value ? value.measured[this.at] : {};
    return [
      [`class kept${value ? `, λ = ${value.chosen}` : ""}`, ...shareOf(kept)],
      ["mean difference from the real image", value?.differences ? num(value.differences[this.at], 3) : "–", "of 1"],
      ["mean difference, on all test images", figure(error, 3), "of 1"],
      ["Fréchet distance to the test images", figure(frechet, 1), ""],
      ["difference of two answers", figure(spread, 4), "of 1"],
    ];
  }

  words({ weights, chosen, made_as, measured }) {
    const [first, last] = [measured[0], measured.at(-1)];
    const compared = first.error && last.error && first.frechet && last.frechet
      ? `From λ = ${weights[0]} to ${weights.at(-1)}, the difference from the real image changes from ` +
        `${figure(first.error, 3)} to ${figure(last.error, 3)}, and the Fréchet distance from ` +
        `${figure(first.frechet, 1)} to ${figure(last.frechet, 1)}. `
      : "";
    return `With λ = ${chosen}, the translation is classified as ${made_as[this.at].name}. ${compared}` +
      "The adversarial term asks for a real-looking image, the L1 term for the right one on average.";
  }

  picture() {
    return this.value && this.pictures.picture();
  }

  table() {
    const { value } = this;
    const head = ["l1", "class", "probability", "kept", "error", "frechet", "epochs"];
    const line = (weight, k) => {
      const { kept, error, frechet } = value.measured[k];
      const { name, share } = value.made_as[k];
      return [weight, name, share, kept?.value ?? "", error?.value ?? "", frechet?.value ?? "", value.epochs[k]];
    };
    return value && { name: "l1-weights", rows: [head, ...value.weights.map(line)] };
  }
}

export default {
  hint: "Choose λ, and compare what the two terms of the loss ask for",
  create: (ctx) => new Weight(ctx),
};
