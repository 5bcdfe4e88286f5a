/** 64 draws from the prior, and why their means are blurry. */
import { button, fill, h, numberBox } from "../shared/dom.js";
import { drawImage, fitCanvas, imageCanvas } from "../shared/pixels.js";
import { floats32, fromBase64, toBase64, unpackBits } from "../shared/tensors.js";
import { paintDot, paintImage } from "./paint.js";
import { captioned, createSeen, debounce, empty, num, pair, segmented, whileBusy } from "./parts.js";

const COLUMNS = 8;
const DRAWS = COLUMNS * COLUMNS;
const CELL = 44;
const SIZE = COLUMNS * CELL;
const SMALL = 72;
const REST_MS = 150;
const ASK_AGAIN = ["data", "beta", "seed", "assets", "mode"];
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

class Sample {
  constructor(ctx) {
    this.ctx = ctx;
    this.answer = null;
    this.asked = null;
    this.chosen = null;
    this.askSoon = debounce(() => this.ask(), REST_MS);
    this.build();
  }

  build() {
    const commit = (patch) => this.ctx.store.set(patch, { commit: true });
    this.seed = numberBox("Seed", { min: 0, max: 2 ** 31 - 1, value: this.ctx.store.get().seed, onchange: (seed) => commit({ seed }) });
    this.again = button("Draw 64 more", () => commit({ seed: (this.ctx.store.get().seed + 1) % 2 ** 31 }), { title: "Next seed" });
    this.pixels = segmented("Pixels", [["means", "means"], ["bits", "Bernoulli pixels"]], (pixels) => commit({ pixels }));
    this.grid = h("canvas", { class: "sample-grid", role: "application", tabindex: 0 });
    this.grid.setAttribute("aria-label", "64 draws from the prior. Arrow keys choose one, Enter finds its nearest training image.");
    this.grid.addEventListener("click", (event) => this.tap(event));
    this.grid.addEventListener("keydown", (event) => this.gridKey(event));
    this.near = h("div", { class: "pictures" });
    this.seen = createSeen();
    this.empty = empty("Tap a draw: the training image nearest to it, and what shares its neighbourhood, appear here.");
    const controls = h("div", { class: "row" }, this.seed, this.again, this.pixels);
    fill(this.ctx.panel, h("div", { class: "mode-body" }, controls, h("div", { class: "draws" }, this.grid, this.empty, this.near), this.seen.element));
  }

  update(changed) {
    const { seed, pixels } = this.ctx.store.get();
    this.seed.input.value = seed;
    this.pixels.set(pixels);
    if (changed.has("pixels") || !this.answer) this.show();
    if (!ASK_AGAIN.some((key) => changed.has(key))) return;
    if (changed.size === 1 && changed.has("beta")) this.askSoon();
    else this.ask();
  }

  async ask() {
    const { data, beta, seed } = this.ctx.store.get();
    const argument = { dataset: data, beta, seed };
    const key = JSON.stringify(argument);
    if (key === this.asked || this.ctx.entry().error) return;
    this.asked = key;
    const answer = await whileBusy(this.again, () => this.ctx.ask("sample", argument), "Drawing…");
    if (key !== this.asked) return;
    if (!answer) {
      this.asked = null;
      return;
    }
    this.answer = { ...argument, z: floats32(answer.z), means: fromBase64(answer.means), bits: fromBase64(answer.pixels) };
    this.show();
    this.forget();
  }

  /** The values of one draw as they are on the screen: means, or pixels drawn from them. */
  image(i) {
    const { means, bits } = this.answer;
    if (this.ctx.store.get().pixels === "means") return means.subarray(784 * i, 784 * (i + 1));
    return unpackBits(bits.subarray(98 * i, 98 * (i + 1)), 784).map((bit) => 255 * bit);
  }

  show() {
    this.grid.hidden = !this.answer;
    if (!this.answer) return;
    const { ratio } = fitCanvas(this.grid, SIZE, SIZE);
    const context = this.grid.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (let i = 0; i < DRAWS; i++) {
      paintImage(context, this.image(i), (i % COLUMNS) * CELL, Math.floor(i / COLUMNS) * CELL, CELL);
    }
    if (this.chosen !== null) {
      Object.assign(context, { strokeStyle: this.ctx.map.colours.you, lineWidth: 3 });
      context.strokeRect((this.chosen % COLUMNS) * CELL + 1.5, Math.floor(this.chosen / COLUMNS) * CELL + 1.5, CELL - 3, CELL - 3);
    }
    this.ctx.refresh("overlay");
  }

  /** New draws: what was chosen among the old ones is gone. */
  forget() {
    this.chosen = null;
    this.empty.hidden = false;
    fill(this.near);
    this.show();
    const { beta, seed } = this.answer;
    this.seen(
      beta === 0
        ? `Seed ${seed}: 64 draws from N(0, I), decoded at β = 0. No KL term ever pulled the codes there, so the decoder has no reason to know these places.`
        : `Seed ${seed}: 64 draws of z from N(0, I), decoded. A mean is the probability of ink in each pixel; Bernoulli pixels are what the model really generates.`,
    );
  }

  tap(event) {
    const box = this.grid.getBoundingClientRect();
    const [column, row] = [event.clientX - box.left, event.clientY - box.top].map((value) => Math.floor((value / box.width) * COLUMNS));
    this.choose(Math.max(0, Math.min(DRAWS - 1, row * COLUMNS + column)));
  }

  gridKey(event) {
    if (!this.answer) return;
    if (event.key === "Enter") this.choose(this.chosen ?? 0);
    else if (event.key in MOVES) {
      const next = this.chosen === null ? 0 : this.chosen + MOVES[event.key];
      if (next >= 0 && next < DRAWS) this.mark(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  mark(index) {
    this.chosen = index;
    this.show();
  }

  async choose(index) {
    if (!this.answer) return;
    this.mark(index);
    const { dataset, beta, z } = this.answer;
    const place = [z[2 * index], z[2 * index + 1]];
    const pixels = this.image(index).slice();
    const [nearest, around] = await Promise.all([
      this.ctx.ask("nearest", { dataset, pixels: toBase64(pixels) }),
      this.ctx.ask("neighbourhood", { dataset, beta, z: place }),
    ]);
    if (this.chosen !== index || !nearest || !around) return;
    this.showNear({ pixels, nearest, around, place });
  }

  showNear({ pixels, nearest, around, place }) {
    const picture = (values, text) => {
      const canvas = imageCanvas(text, SMALL);
      drawImage(canvas, values);
      return captioned(canvas, text);
    };
    this.empty.hidden = true;
    fill(
      this.near,
      picture(pixels, "this draw"),
      picture(fromBase64(nearest.image), `nearest: ${nearest.label}`),
      picture(fromBase64(around.average), `average of ${around.count}`),
      picture(fromBase64(around.decoded), "decoded mean"),
    );
    this.seen(
      `z = ${pair(place)}. The nearest of ${nearest.of.toLocaleString("en")} training images is ${num(nearest.distance)} away (L2): the draw is no copy. ` +
        `The ${around.count} training images whose codes lie nearest, within ${num(around.radius)} of z, share this place: their average is ${num(around.distance)} from the decoded mean (L2). ` +
        "One z must stand for all of them, so its mean is blurry.",
    );
  }

  draw({ ctx2d, toScreen, colours: { you, ground } }) {
    if (!this.answer) return;
    const { z } = this.answer;
    for (let i = 0; i < DRAWS; i++) paintDot(ctx2d, toScreen([z[2 * i], z[2 * i + 1]]), i === this.chosen ? 8 : 4, { fill: you, stroke: ground });
  }
}

export default {
  id: "sample",
  title: "Sample",
  hint: "64 draws from the prior; tap one for the nearest training image",
  create: (ctx) => new Sample(ctx),
};
