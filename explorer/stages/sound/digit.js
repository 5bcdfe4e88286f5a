/** Which digit? Ten likelihoods of one recording, and the posterior by Bayes' rule while it is heard. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { Recorded } from "./recorded.js";
import { ticksOf } from "./wave.js";

const BLOCK = 40; // samples from one posterior to the next

const percent = (share) => `${(100 * share).toFixed(1)} %`;

class Digit extends Recorded {
  constructor(ctx) {
    super(ctx, "digit");
    this.chart = new Chart(ctx, {
      label: "Posterior over time",
      height: 190,
      onMove: (ms, how) => this.choose(Math.round((ms * this.rate) / 1000), how),
    });
    this.bars = h("div", { class: "digits result", role: "list", "aria-label": "Probability of each digit" });
    this.open([h("div", { class: "result" }, this.chart.element), this.bars]);
  }

  /** The posterior of the samples up to the cursor. */
  posterior({ posterior }) {
    return posterior[Math.min(posterior.length - 1, Math.floor(this.tap / BLOCK))];
  }

  draw(value) {
    super.draw(value);
    const { digit, own } = this.answer.asked;
    const spoken = own ? null : digit;
    const ms = this.wave.msOf(this.levels.length);
    const now = this.posterior(value);
    const lines = now.map((_, digit) => ({
      points: [[0, 0.1], ...value.posterior.map((row, i) => [this.wave.msOf(value.places[i]), row[digit]])],
      colour: digit === spoken ? "ink" : "quiet",
      width: digit === spoken ? 2.5 : 1,
    }));
    this.chart.show({
      xs: [0, ms],
      ys: [0, 1],
      ticks: { x: ticksOf(ms), y: [0, 1] },
      lines,
      cursor: this.wave.msOf(this.tap),
      name: own ? "p(digit | sound so far)" : "p(digit | sound so far); bold: the spoken digit",
      words: `most probable at the end: ${this.bestOf(value.posterior.at(-1))}`,
    });
    fill(this.bars, now.map((p, digit) => barOf(p, digit, digit === spoken)));
  }

  bestOf(posterior) {
    return posterior.indexOf(Math.max(...posterior));
  }

  rows(value) {
    const [best, second] = value ? value.nats.toSorted((a, b) => b - a) : [];
    return [
      ["most probable digit", value ? String(this.bestOf(this.posterior(value))) : "–", ""],
      ["its probability", value ? (100 * Math.max(...this.posterior(value))).toFixed(1) : "–", "%"],
      ["log p, ahead of the second", value ? num(best - second) : "–", "nats"],
    ];
  }

  words(value) {
    const { digit, own } = this.answer.asked;
    const best = this.bestOf(value.posterior.at(-1));
    if (own) {
      return `Bayes' rule says ${best}. It learned six speakers: choose the one most like you.`;
    }
    const verdict = best === digit ? "which is right" : `but ${digit} was spoken`;
    const { accuracy, classifier } = this.ctx.net();
    const share = accuracy === null ? "" : ` It gets ${percent(accuracy)} of the test recordings right.`;
    const beside = classifier === null ? "" : ` A classifier that was trained for it gets ${percent(classifier)}.`;
    return `Bayes' rule says ${best}, ${verdict}.${share}${beside}`;
  }

  table() {
    const { value } = this;
    return value && {
      name: "digit",
      rows: [["digit", "log_p_nats", "posterior"], ...value.nats.map((n, i) => [i, n, value.posterior.at(-1)[i]])],
    };
  }
}

function barOf(p, digit, isSpoken) {
  return h(
    "div",
    { class: isSpoken ? "digit-bar spoken-digit" : "digit-bar", role: "listitem" },
    h("span", {}, String(digit)),
    h("span", { class: "digit-p", style: `--p: ${100 * p}%` }),
    h("span", { class: "number" }, `${(100 * p).toFixed(1)} %`),
  );
}

export default {
  hint: "The network is asked ten times how likely the recording is, once for each digit",
  create: (ctx) => new Digit(ctx),
};
