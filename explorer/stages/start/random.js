/** Random images beside test images: nearly all images are static, which is why p(x) has to be learned. */

import { fill, h } from "../kit/shell/dom.js";
import { createSeen, empty, fillPanel } from "../kit/shell/parts.js";
import { drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";
import { createSeed } from "../kit/shell/seed.js";
import { rowsPicture } from "../kit/film/strip.js";
import { apart, randomImages, randomWords } from "./random_of.js";

const COUNT = 8;
const SIZE = 140;
const POINTS = "Choose a data set of images: a random point of the plane may well lie among the data.";

class Random {
  constructor(ctx) {
    Object.assign(this, { ctx, random: null, real: null });
    const row = (title, name) => {
      const tiles = Array.from({ length: COUNT }, (_, k) => imageCanvas(`${name} ${k + 1}`, SIZE));
      return {
        tiles,
        element: h("figure", { class: "rows" }, h("figcaption", {}, title), h("div", { class: "tiles" }, tiles)),
      };
    };
    this.rows = { random: row("Random images", "Random image"), real: row("Test images", "Test image") };
    this.empty = empty(POINTS);
    this.seed = createSeed(ctx, { words: "Draw again" });
    this.seen = createSeen();
    const pair = h("div", { class: "halves" }, this.rows.random.element, this.rows.real.element);
    fill(ctx.main, this.empty, pair);
    fillPanel(ctx, this.seed.element, this.seen.element);
  }

  async update() {
    const { dataset, title } = this.ctx.net();
    const { seed } = this.ctx.store.get();
    const images = dataset in this.ctx.value().bundled ? await this.ctx.images(dataset) : null;
    this.empty.hidden = dataset in this.ctx.value().bundled;
    for (const { element } of Object.values(this.rows)) element.hidden = !images;
    this.seed.update();
    this.random = images && randomImages(seed, COUNT);
    this.real = images && Uint8Array.from(Array.from({ length: COUNT }, (_, k) => [...images.sprite(k)]).flat());
    for (const [name, { tiles }] of Object.entries(this.rows)) {
      if (images) tiles.forEach((tile, k) => drawImage(tile, imageOf(this[name], k)));
    }
    this.seen(images ? randomWords({ title, random: apart(this.random), real: apart(this.real) }) : "");
  }

  hasResult() {
    return this.random !== null;
  }

  picture() {
    const rows = [["random", this.random], ["test images", this.real]].map(([name, bytes]) => ({ name, bytes }));
    return rowsPicture(rows, COUNT, this.ctx.colours());
  }
}

export default {
  hint: "Images of random pixels, beside test images",
  create: (ctx) => new Random(ctx),
};
