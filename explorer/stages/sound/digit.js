/** Which digit? Ten likelihoods of one recording, and the posterior by Bayes' rule while it is heard. */

import { Bars } from "../kit/chart/bars.js";
import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { Recorded } from "./recorded.js";

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
    this.bars = new Bars("Probability of each digit");
    this.calibration = new Chart(ctx, { label: "Calibration on test recordings", height: 190 });
    const known = h("div", { class: "digit-known" }, this.bars.element, this.calibration.element);
    this.open([h("div", { class: "result" }, this.chart.element), known]);
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
    const named = this.named(value, spoken);
    const lines = now.map((_, digit) => ({
      points: [[0, 0.1], ...value.posterior.map((row, i) => [this.wave.msOf(value.places[i]), row[digit]])],
      colour: digit === spoken ? "ink" : "quiet",
      width: digit === spoken ? 2.5 : 1,
      ...(digit in named && { label: String(digit), at: named[digit] + 1, below: true }),
    }));
    this.chart.show({
      xs: [0, ms],
      ys: [0, 1],
      ticks: { y: [0, 1] },
      lines,
      cursor: this.wave.msOf(this.tap),
      name: own ? "p(digit | sound so far)" : "p(digit | sound so far); bold: the spoken digit",
      words: `most probable at the end: ${this.bestOf(value.posterior.at(-1))}`,
    });
    const rows = now.map((p, digit) => ({ title: digit, share: p, text: percent(p), marked: digit === spoken }));
    this.bars.show({ name: "p(digit | sound so far)", rows });
    this.showCalibration(value, Math.max(...now));
  }

  /** Where the digit is most probable, of the spoken one and of the one that is most probable at some other moment. */
  named({ posterior }, spoken) {
    const best = (digit) => posterior.reduce((a, row, i) => (row[digit] > posterior[a][digit] ? i : a), 0);
    const peak = (digit) => posterior[best(digit)][digit];
    const rivals = posterior[0].map((_, digit) => digit).filter((digit) => digit !== spoken);
    const rival = rivals.reduce((a, b) => (peak(b) > peak(a) ? b : a));
    return Object.fromEntries([rival, spoken].filter((digit) => digit !== null).map((digit) => [digit, best(digit)]));
  }

  /** How often the most probable digit is right, with the point that is nearest to its probability now. */
  showCalibration({ calibration }, sure) {
    this.calibration.element.hidden = !calibration;
    if (!calibration) return;
    const [, { points }] = calibration.lines;
    const dot = points.reduce((a, b) => (Math.abs(b[0] - sure) < Math.abs(a[0] - sure) ? b : a));
    this.calibration.show({ ...calibration, dot });
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
}

export default {
  hint: "How likely is the recording, given each digit?",
  create: (ctx) => new Digit(ctx),
};
