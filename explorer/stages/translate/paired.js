/** Paired: an outline becomes a garment, or a skeleton a digit, and the discriminator judges its patches. */

import { enlarged } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { num, percent } from "../kit/shell/format.js";
import { classOf, GARMENTS, OfPicture, shareOf } from "./of_picture.js";
import { Pictures } from "./pictures.js";

const SOURCES = { [GARMENTS]: "outline", "pix2pix-mnist": "skeleton" };
const PATCHES = 7;

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

class Paired extends OfPicture {
  constructor(ctx) {
    super(ctx, "paired", Object.keys(SOURCES));
    this.pictures = new Pictures("The translation", 2, 2);
    this.lay([], [this.pictures.element]);
  }

  draw({ source, made, made_as, real, real_as, patches }) {
    const kind = SOURCES[this.ctx.net().name];
    const shown = [
      { pixels: fromBase64(source), caption: kind },
      { pixels: fromBase64(made), caption: `translation: ${classOf(made_as)}`, result: true },
      { pixels: enlarged(patches, PATCHES), caption: "white: real, says D", result: true },
    ];
    if (real) shown.push({ pixels: fromBase64(real), caption: `real image: ${real_as.name}`, result: true });
    this.pictures.show(shown);
    this.ctx.show("s", shown[0].pixels);
    this.ctx.show("y", shown[1].pixels);
  }

  rows(value) {
    const { kept, error } = value?.measured ?? {};
    return [
      [
        `the classifier's probability${value ? ` of ${value.made_as.name}` : ""}`,
        value ? percent(value.made_as.share) : "–",
        "",
      ],
      ["mean difference from the real image", value?.difference === undefined ? "–" : num(value.difference, 3), "of 1"],
      ["patches: mean probability of real, by D", value ? percent(meanOf(value.patches)) : "–", ""],
      ["class kept, on all test images", ...shareOf(kept)],
      ["mean difference, on all test images", error ? num(error.value, 3) : "–", "of 1"],
    ];
  }

  words({ made_as, real_as, measured }) {
    const kind = SOURCES[this.ctx.net().name];
    const { kept } = measured;
    const same = real_as &&
      (real_as.label === made_as.label ? "like the real image" : `the real one as ${real_as.name}`);
    return `The classifier takes the translation for ${made_as.name}${same ? `, ${same}` : ""}. ` +
      `The generator sees only the ${kind}, never the grey levels. ` +
      (kept ? `On all test images it keeps the class of ${percent(kept.value, 1)}. ` : "") +
      "The discriminator scores 49 overlapping patches, each of 18 × 18 pixels.";
  }

  picture() {
    return this.value && this.pictures.picture();
  }

  table() {
    const { value } = this;
    return value &&
      { name: "patches", rows: [["patch", "probability of real"], ...value.patches.map((p, i) => [i, p])] };
  }
}

export default {
  hint: "Draw an outline, or choose a test image: the generator fills it in",
  create: (ctx) => new Paired(ctx),
};
