/** The same small VAE with other objectives: β, KL annealing and free bits, side by side. Recorded runs. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h } from "../kit/shell/dom.js";
import { moreNumbers } from "../kit/shell/more.js";
import { num } from "../kit/shell/format.js";
import { numberTable } from "../kit/shell/parts.js";
import { figuresOf, Recorded } from "./recorded.js";
import { NAMES, runsWords } from "./runs_words.js";

class Runs extends Recorded {
  constructor(ctx) {
    const history = new Chart(ctx, { label: "The KL of held-out images while training", height: 220 });
    const bars = new Chart(ctx, { label: "The KL of every latent", height: 190 });
    const numbers = h("div", { class: "of-card", tabindex: 0, role: "region", "aria-label": "Runs, figure by figure" });
    super(ctx, {
      key: "run",
      label: "The objective",
      nameOf: (run) => NAMES[run],
      note: "Small networks on MNIST, one seed each, recorded as they were trained.",
      left: h("div", {}, history.element, bars.element, moreNumbers(numbers)),
    });
    Object.assign(this, { history, bars, numbers });
  }

  show(run) {
    this.showHistory(run);
    this.showBars(run);
    fill(this.numbers, numberTable("The runs", ["", "−ELBO", "−IWAE-50", "KL", "used"], this.tableRows()));
    return runsWords(this.known, run);
  }

  showHistory(run) {
    const { histories } = this.known;
    const lines = this.runs.filter((each) => histories[each]).map((each) => ({
      points: histories[each].slice(1).map(({ epoch, rate }) => [epoch, rate]),
      colour: each === run ? "you" : "quiet",
      width: each === run ? 2.5 : 1,
    }));
    const all = lines.flatMap(({ points }) => points);
    const [last, top] = [0, 1].map((axis) => Math.max(...all.map((point) => point[axis])));
    this.history.show({
      xs: [1, last],
      ys: [0, top * 1.05],
      ticks: { x: Array.from({ length: last }, (_, k) => k + 1), y: [0, 10, 20, 30].filter((y) => y <= top) },
      name: "KL of held-out images, nats, by epoch",
      lines: lines.sort((a, b) => a.width - b.width),
      words: `${NAMES[run]} ends at ${num(histories[run].at(-1).rate, 1)}`,
    });
  }

  showBars(run) {
    const rates = this.known.rates[run];
    const top = Math.max(...this.runs.flatMap((each) => this.known.rates[each] ?? []));
    this.bars.show({
      xs: [0, rates.length],
      ys: [0, top],
      ticks: { x: [0.5, rates.length - 0.5], y: [0, Number(top.toFixed(1))] },
      names: { x: ["1", String(rates.length)] },
      name: "mean KL of each latent, nats, the largest first",
      bars: rates.map((y, k) => ({ x0: k, x1: k + 1, y })),
      words: `from ${num(rates[0], 2)} down to ${num(rates.at(-1), 2)}`,
    });
  }

  tableRows() {
    return this.runs.filter((run) => this.known.rates[run]).map((run) => {
      const { elbo, iwae, rate, used } = figuresOf(this.known, run);
      return [NAMES[run], num(-elbo.value, 1), num(-iwae.value, 1), num(rate.value, 1), String(used.value)];
    });
  }

  table() {
    const { elbo, iwae } = figuresOf(this.known, "plain");
    const bound = `−bound by 50 draws of ${iwae?.n} images, nats`;
    const head = ["run", `−ELBO of ${elbo?.n} images, nats`, bound, "KL, nats", "used latents"];
    return { name: "vae-runs", rows: [head, ...this.tableRows()] };
  }
}

export default {
  hint: "Choose an objective; the others stay in grey; ← → choose",
  create: (ctx) => new Runs(ctx),
};
