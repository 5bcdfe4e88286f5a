/** Which digit? Ten likelihoods of one recording, and the posterior by Bayes' rule while it is heard. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { NORMAL } from "../kit/shell/sums.js";
import { Recorded } from "./recorded.js";

const BLOCK = 40; // samples from one posterior to the next
const FEW = 10; // moments: fewer say nothing about a share

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
    this.calibration = new Chart(ctx, { label: "Calibration on test recordings", height: 190 });
    const known = h("div", { class: "digit-known" }, this.bars, this.calibration.element);
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
    fill(this.bars, now.map((p, digit) => barOf(p, digit, digit === spoken)));
    this.showCalibration(Math.max(...now));
  }

  /** Where the digit is most probable, of the spoken one and of the one that is most probable at some other moment. */
  named({ posterior }, spoken) {
    const best = (digit) => posterior.reduce((a, row, i) => (row[digit] > posterior[a][digit] ? i : a), 0);
    const peak = (digit) => posterior[best(digit)][digit];
    const rivals = posterior[0].map((_, digit) => digit).filter((digit) => digit !== spoken);
    const rival = rivals.reduce((a, b) => (peak(b) > peak(a) ? b : a));
    return Object.fromEntries([rival, spoken].filter((digit) => digit !== null).map((digit) => [digit, best(digit)]));
  }

  /** How often the most probable digit was right at moments of test recordings, by its probability, now `sure`. */
  showCalibration(sure) {
    const { reliability } = this.ctx.net();
    this.calibration.element.hidden = !reliability;
    if (!reliability) return;
    const points = reliability.tenths.filter(({ n }) => n >= FEW).map(({ n, sure, right, se }) => ({
      sure,
      share: right / n,
      wide: NORMAL * se,
    }));
    const like = points.reduce((a, b) => (Math.abs(b.sure - sure) < Math.abs(a.sure - sure) ? b : a));
    this.calibration.show({
      xs: [0, 1],
      ys: [0, 1],
      ticks: { x: [0, 0.5, 1], y: [0, 0.5, 1] },
      lines: [
        { points: [[0, 0], [1, 1]], colour: "quiet", dash: [4, 4], width: 1 },
        { points: points.map(({ sure, share }) => [sure, share]), colour: "ink", width: 2 },
        ...points.map(({ sure, share, wide }) => ({
          points: [[sure, Math.max(0, share - wide)], [sure, Math.min(1, share + wide)]],
          colour: "ink",
          width: 1,
        })),
      ],
      dot: [like.sure, like.share],
      name: "Share correct, by probability",
      words: points.map(({ sure, share }) => `at ${percent(sure)}, ${percent(share)} are right`).join("; "),
    });
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
  hint: "How likely is the recording, given each digit?",
  create: (ctx) => new Digit(ctx),
};
