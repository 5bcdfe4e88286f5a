/** The typical set: how long the z of test images are, how long Gaussian noise is, and what lies at the mode. */

import { Chart } from "../kit/chart/chart.js";
import { createClass } from "../kit/image/class_choice.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, numberTable } from "../kit/shell/parts.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { createSeed } from "../kit/shell/seed.js";
import { keySlider } from "../kit/shell/slider.js";
import { rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { chiSquared } from "./chi_squared.js";
import { typicalWords } from "./layers_words.js";
import { grouped } from "./nats.js";
import { createRetry } from "./retry.js";
import { bitsPerDim, ofLevels, spread } from "./units.js";

const FARTHEST = 1800; // ‖z‖² at temperature 1.5 is 1764 on average
const WIDE = 40; // of a bar
const PLACES = 7;
const CHART_HEIGHT = 220;

export class LayersTypical {
  constructor(ctx) {
    this.ctx = ctx;
    this.lengths = new OneByOne(ctx, "lengths", () => ctx.refresh("lengths"));
    this.drawn = new OneByOne(ctx, "temperatures", () => ctx.refresh("temperatures"));
    this.latest = null;
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.chart = new Chart(ctx, {
      label: "Squared lengths of z",
      height: CHART_HEIGHT,
      onMove: (squared, { rest }) => this.moveTo(squared, rest),
    });
    this.strip = new Strip("One z at seven temperatures, decoded", PLACES, 84);
    this.strip.canvas.addEventListener("click", (event) => {
      if (this.latest) commit({ temperature: this.latest.temperatures[this.strip.placeAt(event)] });
    });
    this.numbers = h("div", {
      class: "layers-numbers",
      tabindex: 0,
      role: "region",
      "aria-label": "One z, figure by figure",
    });
    this.element = h(
      "div",
      { class: "layers-part" },
      h("h2", {}, "‖z‖²: bars of test images, the line of Gaussian noise (χ² of 784)"),
      h("div", { class: "result" }, this.chart.element),
      h("h2", {}, "The same z, multiplied by the temperature and decoded"),
      this.strip.element,
      this.numbers,
    );
    this.seed = createSeed(ctx);
    this.label = createClass(ctx);
    this.temperature = keySlider(ctx, "temperature", "Temperature", {
      step: 0.05,
      words: (value) => value.toFixed(2),
      live: true,
    });
    this.seen = createSeen();
    this.seed.element.append(this.label.element);
    this.retry = createRetry(() => this.ask());
    this.controls = [this.seed.element, this.temperature.element, this.retry.element, this.seen.element];
  }

  get requests() {
    const { net, seed, label } = this.ctx.store.get();
    return [{ net }, { net, seed, label }];
  }

  /** The temperature at which the z of the seed is so long. */
  moveTo(squared, rest) {
    if (!this.latest) return;
    const { high } = this.ctx.fields.temperature;
    const temperature = Math.min(high, Math.round(20 * Math.sqrt(squared / this.usual)) / 20);
    this.ctx.store.set({ temperature }, { commit: rest });
  }

  /** ‖z‖² of the seed's z at temperature 1. */
  get usual() {
    return this.latest.squared_length[this.latest.temperatures.indexOf(1)];
  }

  ask() {
    const [of, seeded] = this.requests;
    this.drawn.want([seeded]);
    this.lengths.want([of]);
  }

  update(changed) {
    for (const part of [this.seed, this.label]) part.update();
    this.temperature.set(this.ctx.store.get().temperature);
    const [of, seeded] = this.requests;
    if (["net", "seed", "label", "mode"].some((key) => changed.has(key))) this.ask();
    this.retry.show(this.drawn.hasFailed(seeded) || this.lengths.hasFailed(of));
    this.latest = this.drawn.of(seeded) ?? this.latest;
    this.tests = this.lengths.of(of)?.squared_length ?? null;
    dim(this.strip.element, this.drawn.of(seeded) === null && this.latest !== null);
    this.show();
  }

  show() {
    const { latest, tests } = this;
    if (!latest) return;
    const { temperature } = this.ctx.store.get();
    const squared = temperature ** 2 * this.usual;
    const nearest = latest.temperatures.reduce(
      (best, value, k) => Math.abs(value - temperature) < Math.abs(latest.temperatures[best] - temperature) ? k : best,
      0,
    );
    const x = fromBase64(latest.x);
    this.ctx.show("out", imageOf(x, nearest));
    this.strip.show(x, `temperatures ${latest.temperatures.join(", ")}`);
    this.strip.mark(nearest);
    this.showChart(squared);
    fill(this.numbers, this.tableOf());
    if (!tests) return;
    const logProbs = { mode: latest.log_prob[0], one: latest.log_prob[latest.temperatures.indexOf(1)] };
    this.seen(typicalWords({ tests: { ...spread(tests), n: tests.length }, temperature, squared, logProbs }));
  }

  /** Shares of the test images in bars, and of Gaussian noise. */
  showChart(squared) {
    const tests = this.tests ?? [];
    const count = Math.ceil(FARTHEST / WIDE);
    const piles = new Array(count).fill(0);
    for (const value of tests) piles[Math.min(count - 1, Math.floor(value / WIDE))] += 1 / tests.length;
    const bars = piles.map((y, k) => ({ x0: k * WIDE, x1: (k + 1) * WIDE, y })).filter(({ y }) => y > 0);
    const points = Array.from({ length: 181 }, (_, k) => [10 * k, k ? WIDE * chiSquared(10 * k, PIXELS) : 0]);
    const top = Math.max(0.45, ...piles);
    this.chart.show({
      xs: [0, FARTHEST],
      ys: [0, top],
      ticks: { x: [0, 400, 784, 1200, 1600], y: [0, 0.2, 0.4] },
      name: `share of each ${WIDE} of ‖z‖²`,
      bars,
      lines: [{ points, colour: "ink" }],
      cursor: squared,
      words:
        `this z has ${num(squared, 0)}; test images have ${
          tests.length ? num(spread(tests).mean, 0) : "–"
        } on average, ` +
        "Gaussian noise 784",
    });
  }

  tableOf() {
    const { temperatures, squared_length: squared, log_prob: nats } = this.latest;
    const bits = nats.map((value) => num(bitsPerDim(ofLevels(value, 1)), 3));
    return numberTable("The same z at seven temperatures", ["temperature", ...temperatures.map((each) => num(each))], [
      ["‖z‖²", ...squared.map((value) => grouped(value, 0))],
      ["log p(x), nats", ...nats.map((value) => grouped(value, 0))],
      ["as bits/dim", ...bits],
    ]);
  }

  hasResult() {
    return Boolean(this.latest);
  }

  picture() {
    if (!this.latest) return null;
    return rowsPicture([{ name: "T = 0 … 1.5", bytes: fromBase64(this.latest.x) }], PLACES, this.ctx.colours());
  }

  table() {
    if (!this.latest) return null;
    const { temperatures, squared_length: squared, log_prob: nats } = this.latest;
    const rows = temperatures.map((each, k) => [each, squared[k], nats[k]]);
    const head = ["temperature", "squared length of z", "log p(x), nats"];
    return { name: `${this.ctx.store.get().net}-typical`, rows: [head, ...rows] };
  }
}
