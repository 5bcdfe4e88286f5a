/** Posterior collapse: what is left in z as the decoder sees more of the pixels around. Recorded runs. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { collapseWords, reachOf } from "./collapse_words.js";
import { figuresOf, Recorded } from "./recorded.js";

const NAMES = { "reach-1": "none", "reach-11-free": "11 × 11, free bits" };
const nameOf = (run) => NAMES[run] ?? `${reachOf(run)} × ${reachOf(run)}`;

class Collapse extends Recorded {
  constructor(ctx) {
    const chart = new Chart(ctx, {
      label: "The KL by the decoder's reach",
      height: 360,
      onMove: (place, { rest }) => this.choose(this.nearest(place), rest),
    });
    super(ctx, {
      key: "reach",
      label: "What the decoder sees of the pixels",
      nameOf,
      note: "Small networks on MNIST, recorded as they were trained. The decoder sees this window:",
      left: h("div", { class: "result" }, chart.element, h("p", { class: "note" }, "Bold: the KL; dashes: −ELBO ÷ 10")),
    });
    this.chart = chart;
    this.plain = this.runs.filter((run) => !run.endsWith("free"));
  }

  nearest(place) {
    return this.plain.reduce((best, run) =>
      Math.abs(reachOf(run) - place) < Math.abs(reachOf(best) - place) ? run : best
    );
  }

  show(reach, own) {
    const points = (of) =>
      this.plain.flatMap((run) => {
        const found = figuresOf(this.known, run);
        return found.rate ? [[reachOf(run), of(found)]] : [];
      });
    const rates = points(({ rate }) => rate.value);
    const bounds = points(({ elbo }) => -elbo.value / 10);
    const top = Math.max(...[...rates, ...bounds].map(([, y]) => y)) * 1.1;
    const last = reachOf(this.plain.at(-1));
    this.chart.show({
      xs: [1, last],
      ys: [0, top],
      ticks: { x: rates.map(([x]) => x), y: [0, 10, 20, 30, 40, 50].filter((y) => y <= top) },
      name: "nats, by the side of the decoder's window",
      lines: [{ points: bounds, colour: "ink", dash: [6, 4] }, { points: rates, colour: "you" }],
      cursor: reachOf(reach),
      dot: [reachOf(reach), own.rate.value],
      words: `a window of ${reachOf(reach)} leaves ${num(own.rate.value, 1)} nats of KL`,
    });
    return collapseWords(this.known, reach);
  }

  table() {
    const rows = this.runs.map((run) => {
      const { rate, elbo, iwae, used } = figuresOf(this.known, run);
      return [run, ...[rate, elbo, iwae, used].map((row) => row?.value)];
    });
    const head = ["run", "KL, nats", "ELBO, nats", "bound by 50 draws, nats", "used latents"];
    return { name: "vae-collapse", rows: [head, ...rows] };
  }
}

export default {
  hint: "The more pixels the decoder sees, the less z keeps",
  create: (ctx) => new Collapse(ctx),
};
