/** An image is noised, rebuilt, and what came is rebuilt again: by an autoencoder that knows noise and by one that does not. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen } from "../kit/shell/parts.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { createSeed } from "../kit/shell/seed.js";
import { keySlider } from "../kit/shell/slider.js";
import { rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { createSets, netsOf, OF_TWO, setOf } from "./code_nets.js";
import { imagesWords } from "./pull_words.js";
import { PIXELS } from "../kit/image/pixels.js";

const FAMILIES = ["denoising-autoencoder", "autoencoder"];
const FRAMES = 9;
const TILE = 84;
const HEIGHT = 170;

export class PullImages {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "returning", () => ctx.refresh("returning"));
    this.build();
  }

  get nets() {
    return netsOf(this.ctx, FAMILIES);
  }

  build() {
    const { ctx } = this;
    this.strips = Object.fromEntries(
      FAMILIES.map((family) => [family, new Strip(`Rebuilt again and again, ${OF_TWO[family]}`, FRAMES, TILE)]),
    );
    this.chart = new Chart(ctx, { label: "Squared distance from the image without noise", height: HEIGHT });
    fill(
      ctx.main,
      ...FAMILIES.flatMap((family) => [
        h("h2", {}, `${OF_TWO[family]}: the noised image, then rebuilt 1, 2, … 8 times`),
        this.strips[family].element,
      ]),
      this.chart.element,
    );
    this.sets = createSets(ctx);
    this.chooser = new Picture(ctx, { others: false });
    this.noise = keySlider(ctx, "noise", "Noise σ", {
      step: 0.05,
      words: (value) => num(value),
      label: "The width of the noise",
    });
    this.seed = createSeed(ctx, { words: "Other noise", onRetry: () => this.ask() });
    this.seen = createSeen();
    fill(
      ctx.panel,
      h("div", { class: "row" }, this.sets),
      this.chooser.element,
      this.noise.element,
      this.seed.element,
      this.seen.element,
      createTries(ctx, ctx.value().tries.pull),
    );
  }

  enter() {
    startWithExample(this.ctx);
  }

  get request() {
    const { noise, seed } = this.ctx.store.get();
    const dataset = setOf(this.ctx);
    const picture = drawnOrTest(this.ctx.store.get(), dataset);
    return picture && { dataset, picture, noise, seed };
  }

  get answer() {
    return this.request && this.found.of(this.request);
  }

  ask() {
    this.found.want(this.request ? [this.request] : []);
  }

  update(changed) {
    const { noise } = this.ctx.store.get();
    this.sets.set(setOf(this.ctx));
    this.chooser.update();
    this.noise.set(noise);
    this.seed.update();
    if (["net", "img", "draw", "source", "noise", "seed", "mode"].some((key) => changed.has(key))) this.ask();
    this.seed.failed(this.request !== null && this.found.hasFailed(this.request));
    this.show();
  }

  show() {
    const { answer } = this;
    for (const family of FAMILIES) {
      this.strips[family].show(
        answer ? fromBase64(answer.rows[family].images) : null,
        "noised, then rebuilt eight times",
      );
    }
    this.ctx.show("out", answer && fromBase64(answer.rows[FAMILIES[0]].images).subarray(-PIXELS));
    if (!answer) return;
    this.chooser.fed(fromBase64(answer.x));
    const [own, other] = FAMILIES.map((family) => answer.rows[family].errors.map((error, k) => [k, error]));
    const top = Math.max(...[...own, ...other].map(([, error]) => error));
    const words = imagesWords(answer, FAMILIES, this.ctx.store.get().noise);
    this.chart.show({
      xs: [0, FRAMES - 1],
      ys: [0, top],
      ticks: { x: [...Array(FRAMES).keys()], y: [0, Math.round(top)] },
      name: "‖x̂ − x‖² after so many rebuildings; line: denoising, dashed: plain",
      lines: [{ points: own, colour: "you" }, { points: other, colour: "ink", dash: [5, 4] }],
      words,
    });
    this.seen(words);
    this.ctx.describe(words);
  }

  hasResult() {
    return Boolean(this.answer);
  }

  picture() {
    const { answer } = this;
    if (!answer) return null;
    const rows = FAMILIES.map((family) => ({ name: OF_TWO[family], bytes: fromBase64(answer.rows[family].images) }));
    return rowsPicture(rows, FRAMES, this.ctx.colours());
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const rows = FAMILIES.flatMap((family) =>
      answer.rows[family].errors.map((error, k) => [family, k, error, answer.rows[family].moved[k]])
    );
    return { name: "rebuilt-again", rows: [["network", "times rebuilt", "squared error", "moved"], ...rows] };
  }
}
