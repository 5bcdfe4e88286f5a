/** Traverse: every latent of a picture by what it costs on average, and the picture with one of them moved. */

import { h } from "../kit/base/dom.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num } from "../kit/base/format.js";
import { keySlider } from "../kit/panel/slider.js";
import { codeImage, drawImage, imageCanvas, imageOf } from "../kit/image/pixels.js";

const SIZE = 400;
const STEP = 0.2;

class Traverse extends Exhibit {
  add() {
    this.image = imageCanvas("The picture with this latent moved", SIZE);
    this.slider = keySlider(this.ctx, "z", "z", {
      step: STEP,
      words: (value) => num(value, 1),
      label: "Where the latent is moved to",
      live: true,
    });
    return [h("div", { class: "moved" }, this.image, this.slider.element)];
  }

  /** Value of the latent: as it was moved, or the step that is nearest to the encoder's value. */
  now(key) {
    const { [key]: value, rank } = this.ctx.store.get();
    if (key !== "z" || value !== null) return value;
    const own = Math.max(-3, Math.min(3, this.value?.mu[rank] ?? 0));
    return Number((STEP * Math.round(own / STEP)).toFixed(1));
  }

  draw(value) {
    super.draw(value);
    const { rank } = this.ctx.store.get();
    const z = this.now("z");
    const place = Math.round((z + 3) / STEP);
    const moved = imageOf(this.bytesOf(value.x), place);
    this.slider.set(z);
    drawImage(this.image, moved);
    this.image.setAttribute("aria-label", `The picture with latent ${rank + 1} moved to ${num(z, 1)}`);
    this.strips[0].strip.mark(Math.round(z) + 3);
    this.ctx.show("code", codeImage(value.mu.map((mu, k) => (k === rank ? z : mu))));
    this.ctx.show("out", moved);
  }
}

export default {
  create: (ctx) => new Traverse(ctx, "traverse"),
};
