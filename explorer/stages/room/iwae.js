/** Bounds by k draws: from the encoder's posterior, and naive Monte Carlo from the prior beside them. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { moreNumbers } from "../kit/shell/more.js";
import { createSeen, dim, empty, fillPanel, numberTable } from "../kit/shell/parts.js";
import { createSeed } from "../kit/shell/seed.js";
import { createSheet } from "../kit/export/sheet.js";
import { createTries } from "../kit/lesson/tries.js";
import { images } from "../questions/images.js";
import { cardRows, iwaeWords, rangeOf } from "./iwae_words.js";

const ASK_AGAIN = ["net", "img", "draw", "source", "seed", "mode"];
const SHOWN = [1, 10, 100, 1000, 5000];
const FEWEST = 10; // draws from the prior that the chart makes room for
const log = Math.log10;

/** Estimates by k draws as lines: two standard errors below and above, and the estimate; cut off at the chart's ends. */
const linesOf = (rows, { low, high }, colour) =>
  [-2, 2, 0].map((add) => ({
    points: rows.map(({ k, value, se }) => [log(k), Math.max(low, Math.min(high, value + add * se))]),
    colour,
    width: add ? 0.7 : 2,
  }));

class Iwae {
  constructor(ctx) {
    this.ctx = ctx;
    this.found = new OneByOne(ctx, "bounds", () => ctx.refresh("bounds"));
    this.chart = new Chart(ctx, { label: "Bounds on log p(x) from the encoder, by k draws", height: 200 });
    this.prior = new Chart(ctx, { label: "The same with naive Monte Carlo from the prior", height: 170 });
    this.numbers = h("div", {
      class: "of-card",
      tabindex: 0,
      role: "region",
      "aria-label": "Bounds, figure by figure",
    });
    this.empty = empty();
    this.screen = h("div", { class: "iwae" }, this.chart.element, this.prior.element, moreNumbers(this.numbers));
    fill(ctx.main, this.empty, this.screen);
    this.chooser = images.chooser(ctx);
    this.seed = createSeed(ctx, { words: "Other draws" });
    this.seen = createSeen();
    fillPanel(ctx, this.chooser.element, this.seed.element, this.seen.element, createTries(ctx));
  }

  enter() {
    images.start(this.ctx);
  }

  get picked() {
    return images.picked(this.ctx);
  }

  get request() {
    const { net, seed } = this.ctx.store.get();
    return this.picked && { net, picture: this.picked, seed };
  }

  update(changed) {
    for (const part of [this.chooser, this.seed]) part.update();
    const { request } = this;
    const { error, rows } = this.ctx.net();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.found.want(request && !error ? [request] : []);
    const answer = request && this.found.of(request);
    this.latest = answer ?? this.latest;
    this.seed.failed?.(Boolean(request) && this.found.hasFailed(request));
    this.empty.hidden = !error && request !== null && Boolean(this.latest);
    this.screen.hidden = !this.empty.hidden;
    setText(
      this.empty,
      error ?? (request ? "10,000 codes are decoded…" : "Choose a test image or draw one: how likely is it?"),
    );
    dim(this.screen, !answer);
    if (this.screen.hidden) return this.seen("");
    this.show();
    const said = answer ? iwaeWords(answer, rows) : "";
    this.seen(said);
    if (said) this.ctx.describe(said);
  }

  show() {
    const { iwae, naive } = this.latest;
    const elbo = { points: [[0, iwae[0].value], [log(SHOWN.at(-1)), iwae[0].value]], colour: "quiet", dash: [2, 4] };
    const near = rangeOf(iwae);
    const words = `by ${SHOWN.at(-1).toLocaleString("en")} draws ${num(iwae.at(-1).value, 2)} nats`;
    const name = "from the encoder, nats, ± 2 standard errors, by k draws; dots: the ELBO";
    this.chart.show(this.axes(near, { name, words, lines: [elbo, ...linesOf(iwae, near, "you")] }));
    const shown = naive.filter(({ k }) => k >= FEWEST);
    const far = rangeOf([...iwae, ...shown]);
    const beside = `from the prior ${num(naive.at(-1).value, 2)} nats`;
    const both = [...linesOf(shown, far, "ink"), ...linesOf(iwae, far, "you").slice(-1)];
    this.prior.show(this.axes(far, { name: "the same, and below it from the prior", words: beside, lines: both }));
    const { head, rows } = cardRows(this.latest, this.ctx.net().rows);
    fill(this.numbers, numberTable("Bounds by k draws", head, rows));
  }

  axes({ low, high, ticks }, what) {
    return {
      xs: [0, log(SHOWN.at(-1))],
      ys: [low, high],
      ticks: { x: SHOWN.map(log), y: ticks },
      names: { x: SHOWN.map((k) => k.toLocaleString("en")) },
      ...what,
    };
  }

  hasResult() {
    return Boolean(this.latest);
  }

  picture() {
    if (!this.latest) return null;
    const canvases = [this.chart.canvas, this.prior.canvas];
    const [width, height] = [canvases[0].clientWidth, canvases[0].clientHeight + canvases[1].clientHeight];
    const paint = (context) => {
      let top = 0;
      for (const canvas of canvases) {
        context.drawImage(canvas, 0, top, canvas.clientWidth, canvas.clientHeight);
        top += canvas.clientHeight;
      }
    };
    return createSheet(this.ctx.colours(), { words: ["Bold: from the encoder."], width, height, paint });
  }

  table() {
    if (!this.latest) return null;
    const { iwae, naive } = this.latest;
    const rows = iwae.map(({ k, value, se }, i) => [k, value, se, naive[i].value, naive[i].se]);
    const head = ["draws", "bound from the encoder, nats", "its error", "from the prior, nats", "its error"];
    return { name: `${this.ctx.store.get().net}-bounds`, rows: [head, ...rows] };
  }
}

export default {
  hint: "How near does the bound come with more draws?",
  create: (ctx) => new Iwae(ctx),
};
