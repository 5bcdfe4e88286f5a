/** Maximum likelihood by hand: a Gaussian over three points, its prior; and the cross-entropy of a table. */

import { button, fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { num } from "../kit/shell/format.js";
import { segmented } from "../kit/shell/parts.js";
import { curve, Figure, under } from "./figure.js";
import {
  bestSigma,
  crossEntropy,
  DATA,
  logLikelihood,
  mapOf,
  MEAN,
  OUTCOMES,
  penalty,
  termsOf,
  TRUE,
} from "./likelihood_of.js";
import { pointsRows, pointsWords, tableRows, tableWords } from "./likelihood_words.js";
import { keys, Mode } from "./mode.js";
import { normal, places } from "./normal.js";
import { shares, withShare } from "./shares.js";

const RANGE = [-3, 9];
const XS = places(...RANGE, 361);
const DEEP = 16; // nats below the maximum that are shown
const PARTS = [["points", "three points"], ["table", "a table"]];
const PRIORS = [[false, "none"], [true, "N(0, τ²)"]];
const BAR = 0.36;
const FOOT = 0.02; // of the chart's height: the mark of a point below its density

class Likelihood extends Mode {
  build() {
    const { ctx } = this;
    const onGrip = (key, value, { rest }) => this.set({ [key]: value }, rest);
    const mean = this.grip("mu", "the mean μ", "x", 0.05);
    this.density = new Figure(ctx, {
      label: "The Gaussian and the three points",
      height: 240,
      grips: [mean, this.grip("sigma", "the width σ", "x", 0.05)],
      onGrip,
    });
    this.climb = new Figure(ctx, {
      label: "The log-likelihood over μ",
      height: 240,
      grips: [mean, this.grip("tau", "the width of the prior, τ", "x", 0.05)],
      onGrip,
    });
    this.bars = new Figure(ctx, {
      label: "Probabilities of four outcomes",
      height: 300,
      grips: OUTCOMES.map((name, i) => ({
        ...{ key: i, label: `q(${name})`, axis: "y" },
        ...{ low: 0.01, high: 0.97, step: 0.01 },
      })),
      onGrip: (i, value, { rest }) => this.set({ q: withShare(shares(ctx.store.get().q), i, value) }, rest),
    });
    this.parts = new Figure(ctx, { label: "H(p, q) and what it is made of", height: 150 });
    this.figures = [this.density, this.climb, this.bars, this.parts];
    const points = h(
      "div",
      {},
      this.density.element,
      keys(["you", "N(x; μ, σ²)"], ["ink", "density at the points"]),
      h("div", { class: "result" }, this.climb.element, this.keysOf = h("div")),
    );
    const table = h(
      "div",
      {},
      this.bars.element,
      keys(["quiet wide", "p, the truth"], ["you wide", "q, the model: drag it"]),
      this.parts.element,
      keys(["quiet wide", "H(p)"], ["you wide", "KL(p ‖ q)"], ["ink wide", "H(p, q)"]),
    );
    this.panes = { points, table };
    fill(ctx.main, points, table);
    this.buildPanel();
  }

  buildPanel() {
    this.part = segmented("What is fitted", PARTS, (part) => this.set({ part }));
    this.prior = segmented("Prior of μ", PRIORS, (prior) => this.set({ prior }));
    this.withPrior = h("div", { class: "row named" }, h("span", { class: "quiet" }, "prior of μ"), this.prior);
    this.best = button("To the maximum", () => this.climbUp(), { kind: "primary" });
    this.rows = { points: headline(pointsRows(null), 3), table: headline(tableRows(null), 5) };
    this.panel(h("div", { class: "row" }, this.part, this.best), this.withPrior, this.rows.points, this.rows.table);
  }

  /** The best μ for this σ, or the table that is the truth. */
  climbUp() {
    const { part, sigma, prior, tau } = this.ctx.store.get();
    const mu = prior ? mapOf(sigma, tau) : MEAN;
    this.set(part === "table" ? { q: TRUE } : { mu: Number(mu.toFixed(4)) });
  }

  show(state) {
    this.part.set(state.part);
    this.prior.set(state.prior);
    this.withPrior.hidden = state.part === "table";
    for (const [part] of PARTS) this.panes[part].hidden = this.rows[part].hidden = part !== state.part;
    if (state.part === "table") this.showTable(shares(state.q));
    else this.showPoints(state);
  }

  showPoints({ mu, sigma, prior, tau }) {
    const terms = termsOf(mu, sigma);
    const found = {
      ...{ mu, sigma, prior, tau, terms, sum: logLikelihood(mu, sigma) },
      penalty: prior ? penalty(mu, tau) : null,
      best: logLikelihood(MEAN, sigma),
      map: prior ? mapOf(sigma, tau) : null,
      peak: normal(mu, mu, sigma),
      bestSigma: bestSigma(MEAN),
    };
    const words = pointsWords(found);
    this.found = { name: "likelihood", rows: [COLUMNS, ...XS.map((x) => rowOf(x, found))] };
    this.rows.points.set(pointsRows(found));
    this.showDensity(found, words);
    this.showClimb(found, words);
    this.tell(words);
  }

  showDensity({ mu, sigma, peak }, words) {
    const points = curve(XS, (x) => normal(x, mu, sigma));
    const ys = [0, Math.max(0.5, 1.12 * peak)];
    const upTo = (x, y, width) => ({ points: [[x, 0], [x, y]], colour: "ink", width });
    const drop = (x) => [upTo(x, normal(x, mu, sigma), 3), upTo(x, FOOT * ys[1], 8)];
    this.density.show({
      ...{ xs: RANGE, ys, words, name: "density of x" },
      areas: [{ points: under(points), colour: "you" }],
      lines: [{ points, colour: "you" }, ...DATA.flatMap(drop)],
      grips: {
        mu: { at: [mu, peak], value: mu },
        sigma: { at: [mu + sigma, normal(mu + sigma, mu, sigma)], value: sigma, of: (x) => x - mu },
      },
    });
  }

  showClimb({ mu, sigma, prior, tau, best, map }, words) {
    const likelihood = (x) => logLikelihood(x, sigma);
    const total = (x) => likelihood(x) - (prior ? penalty(x, tau) : 0);
    const ys = [best - DEEP, Math.max(best + 2, prior ? 1 : -Infinity)];
    const upright = (x, colour) => ({ points: [[x, ys[0]], [x, ys[1]]], colour, dash: [3, 4], width: 1 });
    const first = { points: curve(XS, likelihood, ys), colour: "ink" };
    const prior_ = { points: curve(XS, (x) => -penalty(x, tau), ys), colour: "quiet", dash: [6, 4] };
    this.climb.show({
      ...{ xs: RANGE, ys, words, name: `log-likelihood over μ, at σ = ${num(sigma)}` },
      lines: [
        ...[first, upright(MEAN, "ink")],
        ...(prior ? [prior_, { points: curve(XS, total, ys), colour: "you" }, upright(map, "you")] : []),
      ],
      grips: {
        mu: { at: [mu, total(mu)], value: mu },
        ...(prior && { tau: { at: [tau, -0.5], value: tau } }),
      },
    });
    const more = [["quiet dashed", "−μ² ÷ 2τ²"], ["you", "both together"]];
    fill(this.keysOf, keys(["ink", "log-likelihood, greatest at 10/3"], ...(prior ? more : [])));
  }

  showTable(q) {
    const p = TRUE;
    const found = { p, q, ...crossEntropy(p, q) };
    const words = tableWords(found);
    const rows = OUTCOMES.map((name, i) => [name, p[i], q[i], found.terms[i], found.over[i]]);
    this.found = { name: "cross-entropy", rows: [["outcome", "p", "q", "-p log q", "p log(p/q)"], ...rows] };
    this.rows.table.set(tableRows(found));
    const bar = (share, from, i, colour) => ({ x0: i + from, x1: i + from + BAR, y: share, colour });
    this.bars.show({
      ...{ xs: [0, p.length], ys: [0, 1], words, name: "probability" },
      ticks: { x: p.map((_, i) => i + 0.5), y: [0, 0.5, 1] },
      names: { x: OUTCOMES },
      bars: [...p.map((share, i) => bar(share, 0.12, i)), ...q.map((share, i) => bar(share, 0.52, i, "you"))],
      grips: Object.fromEntries(q.map((share, i) => [i, { at: [i + 0.52 + BAR / 2, share], value: share }])),
    });
    this.showParts(found, words);
    this.tell(words);
  }

  /** H(p) and the KL end to end, above the cross-entropy, which is as long. */
  showParts({ entropy, kl, cross }, words) {
    const xs = [0, Math.max(2, 1.05 * cross)];
    const box = (from, to, low, colour, alpha) => ({
      ...{ points: [[from, low], [to, low], [to, low + 0.34], [from, low + 0.34]], colour, alpha },
    });
    this.parts.show({
      ...{ xs, ys: [0, 1], words, name: "H(p) and KL(p ‖ q) end to end, above H(p, q), in nats" },
      ticks: { y: [] },
      areas: [
        box(0, entropy, 0.56, "quiet", 0.8),
        box(entropy, cross, 0.56, "you", kl > 0 ? 1 : 0),
        box(0, cross, 0.1, "ink", 1),
      ],
    });
  }

  table() {
    return this.found;
  }
}

const COLUMNS = ["x or mu", "N(x; mu, sigma)", "log-likelihood of mu", "log prior of mu, but for a constant"];
const rowOf = (x, { mu, sigma, prior, tau }) => [
  ...[x, normal(x, mu, sigma), logLikelihood(x, sigma)],
  prior ? -penalty(x, tau) : 0,
];

export default {
  hint: "Drag the middle or the side of the curve",
  create: (ctx) => new Likelihood(ctx, "likelihood"),
};
