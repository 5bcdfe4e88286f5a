/** Size of the code: what lies between two codes decodes well where codes lie close together, in few dimensions. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { moreNumbers } from "../kit/shell/more.js";
import { createSeen, empty, fillPanel, numberTable, segmented } from "../kit/shell/parts.js";
import { PIXELS } from "../kit/image/pixels.js";
import { createSeed } from "../kit/shell/seed.js";
import { Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { sizeOf, sizesBrief, sizesTable, sizesWords } from "./sizes_words.js";

const PAIRS = 8;
const ROWS = [
  "eight test images, rebuilt",
  "eight others, rebuilt",
  "midway between their codes",
  "draws from a Gaussian fitted to the codes",
];
const COLOURS = { codes: "ink", midpoints: "you", fitted: "quiet" };
const log = (size) => Math.log2(Number(size));

class Sizes {
  constructor(ctx) {
    this.ctx = ctx;
    this.known = ctx.value().sizes;
    this.sizes = ctx.fields.latents.choices;
    this.asked = new OneByOne(ctx, "midway", () => ctx.refresh("midway"));
    this.build();
  }

  build() {
    const { ctx } = this;
    this.strips = ROWS.map((name) => ({ name: h("h2", {}, name), strip: new Strip(name, PAIRS, 76) }));
    this.chart = new Chart(ctx, {
      label: "The classifier's confidence by the size of the code",
      height: 132,
      onMove: (place, { rest }) => this.choose(this.nearest(place), rest),
    });
    this.numbers = h("div");
    this.empty = empty(this.known.error ?? "");
    this.screen = h(
      "div",
      { class: "hole" },
      this.chart.element,
      this.strips.flatMap(({ name, strip }) => [name, strip.element]),
    );
    fill(ctx.main, this.empty, this.screen);
    this.choice = segmented("Numbers in a code", this.sizes.map((size) => [size, size]), (size) => this.choose(size));
    this.seed = createSeed(ctx, { words: "Draw again" });
    this.seen = createSeen();
    const about = h("p", { class: "note" }, "Autoencoders 784–256–n–256–784, with n =");
    const tries = createTries(ctx, ctx.value().tries.sizes);
    fillPanel(ctx, about, this.choice, this.seed.element, moreNumbers(this.numbers), this.seen.element, tries);
    this.empty.hidden = this.known.rows.length > 0;
    this.screen.hidden = !this.empty.hidden;
    if (this.screen.hidden) return;
    const { head, lines, note } = sizesBrief(this.known.rows, this.sizes);
    fill(
      this.numbers,
      numberTable("The autoencoders, size by size", head, lines),
      h("p", { class: "note with-words" }, note),
    );
  }

  choose(latents, rest = true) {
    this.ctx.store.set({ latents }, { commit: rest });
  }

  nearest(place) {
    const away = (size) => Math.abs(log(size) - place);
    return this.sizes.reduce((best, size) => (away(size) < away(best) ? size : best));
  }

  get request() {
    const { latents, seed } = this.ctx.store.get();
    return { latents, seed };
  }

  get answer() {
    return this.asked.of(this.request);
  }

  update(changed) {
    const { latents } = this.request;
    this.choice.set(latents);
    this.seed.update();
    if (this.screen.hidden) return this.seen("");
    if (["latents", "seed", "mode"].some((key) => changed.has(key))) this.asked.want([this.request]);
    this.seed.failed(this.asked.hasFailed(this.request));
    const words = sizesWords(this.known.rows, Number(latents));
    this.showChart(latents);
    this.showImages();
    this.seen(words);
    if (this.answer) this.ctx.describe(words);
  }

  showChart(chosen) {
    const known = this.sizes.map((size) => [log(size), sizeOf(this.known.rows, Number(size))]);
    const line = (of) => known.map(([x, size]) => [x, size[of].confidence.value]);
    const at = sizeOf(this.known.rows, Number(chosen)).midpoints.confidence;
    this.chart.show({
      xs: [log(this.sizes[0]) - 0.3, log(this.sizes.at(-1)) + 0.3],
      ys: [0, 1],
      ticks: { x: this.sizes.map(log), y: [0, 0.5, 1] },
      names: { x: this.sizes },
      name: "mean confidence; from above: codes, midway, draws",
      lines: Object.entries(COLOURS).map(([of, colour]) => ({ points: line(of), colour })),
      cursor: log(chosen),
      dot: [log(chosen), at.value],
      words: `${num(at.value, 3)} ± ${num(at.se, 3)} midway between two codes of ${chosen} numbers`,
    });
  }

  showImages() {
    const { answer } = this;
    if (answer && answer !== this.shown) {
      const bytes = fromBase64(answer.images);
      this.shown = answer;
      this.parts = ROWS.map((_, k) => bytes.subarray(k * PAIRS * PIXELS, (k + 1) * PAIRS * PIXELS));
    }
    const mean = (k) => answer.confidence.slice(k * PAIRS, (k + 1) * PAIRS).reduce((a, b) => a + b) / PAIRS;
    this.strips.forEach(({ strip }, k) =>
      strip.show(answer && this.parts[k], answer ? `mean confidence ${num(mean(k))}` : undefined)
    );
    this.ctx.show("out", answer ? this.parts[2].subarray(0, PIXELS) : null);
  }

  picture() {
    return this.answer ? this.strips[2].strip.canvas : null;
  }

  table() {
    if (this.screen.hidden) return null;
    const { head, lines } = sizesTable(this.known.rows, this.sizes);
    return { name: "autoencoder-sizes", rows: [head, ...lines] };
  }
}

export default {
  hint: "How many numbers should a code have?",
  create: (ctx) => new Sizes(ctx),
};
