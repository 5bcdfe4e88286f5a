/** Learned: how well the network predicts the noise at each time, and what each time costs in the variational bound. */

import { find } from "../kit/shell/card.js";
import { headline, moreNumbers } from "../kit/shell/more.js";
import { figures, fill, h, setText } from "../kit/shell/dom.js";
import { brief, num } from "../kit/shell/format.js";
import { captioned, createSeen, empty, fillPanel, segmented } from "../kit/shell/parts.js";
import { sum } from "../kit/shell/sums.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { createTries } from "../kit/lesson/tries.js";
import { intervalOf, LearnedChart, timesIn } from "./learned_chart.js";
import { addNoise, noiseOf, toGrey } from "./noising.js";
import { ALPHAS, signalToNoise } from "./schedule.js";

const PARTS = [["loss", "Loss against t"], ["bound", "The bound, split"]];
const EXAMPLE = 8;
const SIZE = 112;
const EARLY = 10;
const HARD = 0.1;
const NOTHING_LEFT = 0.03; // of ᾱ
const NOT_YET = "The loss and the bound of this network are not measured yet.";
const TRIES = [
  ["Almost no noise", { t: 1, part: null }],
  ["What the bound pays for", { t: 1, part: "bound" }],
  ["Almost only noise", { t: 800, part: null }],
];

const percent = (share) => `${num(100 * share, share < 0.1 ? 1 : 0)} %`;

class Learned {
  constructor(ctx) {
    this.ctx = ctx;
    const { commit } = ctx.store;
    this.choice = segmented("What to show", PARTS, (part) => commit({ part: part === PARTS[0][0] ? null : part }));
    this.chart = new LearnedChart(ctx, (k) => commit({ t: this.middleOf(k) }));
    this.empty = empty(NOT_YET);
    this.canvas = imageCanvas("A test image noised to this time", SIZE);
    this.fed = captioned(this.canvas, "xₜ");
    this.numbers = headline(this.rows(), 3);
    this.full = h(
      "div",
      { class: "learned" },
      this.choice,
      this.chart.element,
      h("div", { class: "learned-side" }, this.fed, this.numbers),
    );
    this.seen = createSeen();
    this.title = h("h2", {}, "The whole bound");
    this.total = figures(this.totals());
    this.note = h("p", { class: "note" });
    fill(ctx.main, this.empty, this.full);
    this.whole = moreNumbers(this.title, this.total, this.note);
    fillPanel(ctx, this.seen.element, this.whole, createTries(ctx, TRIES));
  }

  get part() {
    return this.ctx.store.get().part ?? PARTS[0][0];
  }

  /** What the card says of every time, or null while it says nothing. */
  get bound() {
    const { rows, bound } = this.ctx.net();
    const prior = find(rows, "prior");
    return bound && prior ? { ...bound, prior: prior.value, n: prior.n } : null;
  }

  /** A time in an interval; the chart's axis is logarithmic, and so is its middle. */
  middleOf(k) {
    const { edges } = this.bound;
    return Math.floor(Math.sqrt(edges[k] * (edges[k + 1] - 1)));
  }

  enter() {
    this.ctx.images(this.ctx.net().dataset);
  }

  update(changed) {
    if (changed.has("net")) this.enter();
    this.show();
  }

  show() {
    const { bound } = this;
    this.empty.hidden = bound !== null;
    setText(this.empty, this.ctx.net().error ?? NOT_YET);
    for (const element of [this.full, this.whole]) element.hidden = bound === null;
    if (!bound) return this.seen("");
    const { t } = this.ctx.store.get();
    const chosen = intervalOf(bound.edges, t);
    this.choice.set(this.part);
    this.chart.show(bound, this.part, chosen);
    this.numbers.set(this.rows(bound, chosen, t));
    this.total.set(this.totals(bound));
    setText(
      this.note,
      `Measured on ${bound.n.toLocaleString("en")} test images, without a class. Bits per dimension ` +
        "are of 784 pixels with 256 grey levels.",
    );
    this.seen(this.words(bound, chosen));
    this.drawExample(Math.max(1, t));
    this.ctx.describe(this.chart.canvas.getAttribute("aria-label"));
  }

  rows(bound = null, k = 0, t = 0) {
    const at = bound ? timesIn(bound.edges, k).slice(4) : "–";
    const alpha = bound ? ALPHAS.linear[Math.max(1, t)] : null;
    return [
      ["t", at],
      ["mean ‖ε − ε̂‖² ÷ 784", num(bound?.loss[k], 4)],
      ["bits of the interval", num(bound?.bits[k], 4), "bits/dim"],
      ["of the whole bound", bound ? percent(bound.bits[k] / this.sumOf(bound)) : "–"],
      ["signal to noise ᾱ/(1−ᾱ)", alpha === null ? "–" : brief(signalToNoise(alpha), 3)],
    ];
  }

  sumOf(bound) {
    return sum(bound.bits) + bound.prior;
  }

  totals(bound = null) {
    const whole = find(this.ctx.net().rows, "bits_per_dim");
    const after = bound?.edges.findLast((edge) => edge <= EARLY + 1);
    const early = bound && sum(bound.bits.filter((_, k) => bound.edges[k] < after));
    return [
      [after ? `t = 1 to ${after - 1}` : "early times", num(early, 3), "bits/dim"],
      ["all later times", bound ? num(sum(bound.bits) - early, 3) : "–", "bits/dim"],
      ["x₁₀₀₀ against pure noise", num(bound?.prior, 5), "bits/dim"],
      [
        "−log₂ p(x) at most",
        whole ? `${num(whole.value, 3)} ± ${num(whole.se, 3)}` : num(bound && this.sumOf(bound), 3),
        "bits/dim",
      ],
    ];
  }

  words(bound, k) {
    const { edges, loss, bits } = bound;
    const total = this.sumOf(bound);
    const times = (edges[k + 1] - edges[k]) / (edges.at(-1) - 1);
    const share = bits[k] / total;
    const hard = `At ${timesIn(edges, k)} the predicted noise has a mean squared error of ${num(loss[k], 4)}; ` +
      "always answering 0 would have 1.";
    const cost =
      `${edges[k + 1] - edges[k] === 1 ? "This single time costs" : `These ${percent(times)} of the times cost`} ` +
      `${percent(share)} of the bound.`;
    const left = ALPHAS[this.ctx.net().schedule][edges[k]];
    const easier = left < NOTHING_LEFT
      ? "xₜ is nearly all noise here, so repeating it is nearly right."
      : "The more noise there is, the better it can be seen.";
    const why = loss[k] > HARD ? "So little noise is hard to see in an image." : easier;
    return `${hard} ${cost} ${why}`;
  }

  /** What the network is given at this time: the chosen test image, noised. */
  drawExample(t) {
    const { ctx } = this;
    const ready = ctx.assets?.ready;
    this.fed.hidden = !ready;
    if (!ready) return;
    const { img, seed } = ctx.store.get();
    const x0 = Float32Array.from(ctx.assets.sprite(img ?? EXAMPLE), (byte) => byte / 127.5 - 1);
    const noised = toGrey(addNoise(x0, noiseOf(seed), ALPHAS.linear[t]));
    drawImage(this.canvas, noised);
    ctx.show("x", ctx.assets.sprite(img ?? EXAMPLE));
    ctx.show("out", noised);
    setText(this.fed.caption, `xₜ at t = ${t}`);
  }

  hasResult() {
    return Boolean(this.bound);
  }

  picture() {
    return this.bound ? this.chart.copy() : null;
  }

  table() {
    const { bound } = this;
    if (!bound) return null;
    const rows = bound.bits.map((bits, k) => [bound.edges[k], bound.edges[k + 1] - 1, bound.loss[k], bits]);
    return {
      name: `${this.ctx.net().name}-bound`,
      rows: [["from t", "to t", "mean squared error", "bits/dim"], ...rows],
    };
  }
}

export default {
  hint: "Tap a bar: which times contribute to the variational bound?",
  create: (ctx) => new Learned(ctx),
};
