/** Maximum likelihood by hand: a Gaussian over three points, its prior; and the cross-entropy of a table. */

import { button, h } from "../kit/base/dom.js";
import { capital, num } from "../kit/base/format.js";
import { under } from "../kit/chart/chart.js";
import { mode } from "../kit/panel/mode.js";
import { dragged, keys } from "../kit/panel/dragged.js";
import { curve, labelled } from "../kit/chart/figure.js";
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
import { normal, places } from "./normal.js";
import { shares, withShare } from "./shares.js";

const RANGE = [-3, 9];
const XS = places(...RANGE, 361);
const DEEP = 16; // nats below the maximum that are shown
const BAR = 0.36;
const FOOT = 0.02; // of the chart's height: the mark of a point below its density

const NEAR = 0.005; // nats that are called none

function find({ part, mu, sigma, prior, tau, q }) {
  if (part === "table") {
    const found = { p: TRUE, q: shares(q), ...crossEntropy(TRUE, shares(q)) };
    const most = found.over.indexOf(Math.max(...found.over));
    return { ...found, most: capital(OUTCOMES[most]), often: found.p[most], said: found.q[most] };
  }
  const [terms, sum, best] = [termsOf(mu, sigma), logLikelihood(mu, sigma), logLikelihood(MEAN, sigma)];
  const [worst, taken] = [Math.min(...terms), prior ? penalty(mu, tau) : null];
  return {
    ...{ mu, sigma, prior, tau, terms, sum, best, worst, penalty: taken, mean: MEAN },
    rest: prior ? sum - taken : null,
    nll: -sum / DATA.length,
    least: String(DATA[terms.indexOf(worst)]),
    lost: best - sum,
    map: prior ? mapOf(sigma, tau) : null,
    peak: normal(mu, mu, sigma),
    bestSigma: bestSigma(MEAN),
  };
}

function namesOf({ p, kl, lost, peak, prior }) {
  if (p) return [kl < NEAR ? "equal" : "apart"];
  return [lost < NEAR ? "best" : "worse", "given", peak > 1 && "dense", prior && "prior"];
}

function densityOf({ mu, sigma, peak }) {
  const points = curve(XS, (x) => normal(x, mu, sigma));
  const ys = [0, Math.max(0.5, 1.12 * peak)];
  const upTo = (x, y, how) => ({ points: [[x, 0], [x, y]], colour: "ink", ...how });
  const last = { label: "density at the points", at: 1 };
  const drop = (x, i) => [
    upTo(x, normal(x, mu, sigma), { width: 3 }),
    upTo(x, FOOT * ys[1], { width: 8, ...(i === DATA.length - 1 && last) }),
  ];
  return {
    ...{ xs: RANGE, ys, name: "density, by x" },
    areas: [{ points: under(points), colour: "you" }],
    lines: [{ ...labelled(points, "N(x; μ, σ²)", mu - sigma), colour: "you" }, ...DATA.flatMap(drop)],
    grips: {
      mu: { at: [mu, peak], value: mu },
      sigma: { at: [mu + sigma, normal(mu + sigma, mu, sigma)], value: sigma, of: (x) => x - mu },
    },
  };
}

function climbOf({ mu, sigma, prior, tau, best, map }) {
  const likelihood = (x) => logLikelihood(x, sigma);
  const total = (x) => likelihood(x) - (prior ? penalty(x, tau) : 0);
  const ys = [best - DEEP, Math.max(best + 2, prior ? 1 : -Infinity)];
  const upright = (x, colour) => ({ points: [[x, ys[0]], [x, ys[1]]], colour, dash: [3, 4], width: 1 });
  const first = { points: curve(XS, likelihood, ys), colour: "ink", label: "log-likelihood, greatest at 10/3" };
  const dashed = { colour: "quiet", dash: [6, 4], label: "−μ² ÷ 2τ²" };
  const prior_ = { points: curve(XS, (x) => -penalty(x, tau), ys), ...dashed };
  const both = { points: curve(XS, total, ys), colour: "you", label: "both together" };
  return {
    ...{ xs: RANGE, ys, name: `log-likelihood in nats, over μ, at σ = ${num(sigma)}` },
    lines: [
      ...[first, upright(MEAN, "ink")],
      ...(prior ? [prior_, both, upright(map, "you")] : []),
    ],
    grips: {
      mu: { at: [mu, total(mu)], value: mu },
      ...(prior && { tau: { at: [tau, -0.5], value: tau } }),
    },
  };
}

function barsOf({ p, q }) {
  const bar = (share, from, i, colour) => ({ x0: i + from, x1: i + from + BAR, y: share, colour });
  return {
    ...{ xs: [0, p.length], ys: [0, 1], name: "probability" },
    ticks: { x: p.map((_, i) => i + 0.5), y: [0, 0.5, 1] },
    names: { x: OUTCOMES },
    bars: [...p.map((share, i) => bar(share, 0.12, i)), ...q.map((share, i) => bar(share, 0.52, i, "you"))],
    grips: Object.fromEntries(q.map((share, i) => [i, { at: [i + 0.52 + BAR / 2, share], value: share }])),
  };
}

/** H(p) and the KL end to end, above the cross-entropy, which is as long. */
function partsOf({ entropy, kl, cross }) {
  const xs = [0, Math.max(2, 1.05 * cross)];
  const box = (from, to, low, colour, alpha) => ({
    ...{ points: [[from, low], [to, low], [to, low + 0.34], [from, low + 0.34]], colour, alpha },
  });
  return {
    ...{ xs, ys: [0, 1], name: "H(p) and KL(p ‖ q) end to end, above H(p, q), in nats" },
    ticks: { y: [] },
    areas: [
      box(0, entropy, 0.56, "quiet", 0.8),
      box(entropy, cross, 0.56, "you", kl > 0 ? 1 : 0),
      box(0, cross, 0.1, "ink", 1),
    ],
  };
}

const COLUMNS = [
  "x or mu",
  "N(x; mu, sigma)",
  "log-likelihood of mu, nats",
  "log prior of mu, nats, but for a constant",
];
const rowOf = (x, { mu, sigma, prior, tau }) => [
  ...[x, normal(x, mu, sigma), logLikelihood(x, sigma)],
  prior ? -penalty(x, tau) : 0,
];

function tableOf(found) {
  if (!found.p) return { name: "likelihood", rows: [COLUMNS, ...XS.map((x) => rowOf(x, found))] };
  const { p, q, terms, over } = found;
  const rows = OUTCOMES.map((name, i) => [name, p[i], q[i], terms[i], over[i]]);
  return { name: "cross-entropy", rows: [["outcome", "p", "q", "-p log q, nats", "p log(p/q), nats"], ...rows] };
}

function likelihood(self) {
  const { state } = self;
  const { found, figure, set, show } = dragged(self, { find, namesOf });
  const ofPoints = (what) => (found) => found.p ? null : what(found);
  const ofTable = (what) => (found) => found.p ? what(found) : null;
  const density = figure("The Gaussian and the three points", 240, ofPoints(densityOf), { grips: ["mu", "sigma"] });
  const climb = figure("The log-likelihood over μ", 240, ofPoints(climbOf), { grips: ["mu", "tau"] });
  const cells = OUTCOMES.map((name, i) => ({
    ...{ key: i, label: `q(${name})`, axis: "y" },
    ...{ low: 0.01, high: 0.97, step: 0.01 },
  }));
  const patchOf = (i, value) => ({ q: withShare(shares(state.q), i, value) });
  const bars = figure("Probabilities of four outcomes", 300, ofTable(barsOf), { grips: cells, patchOf });
  const parts = figure("H(p, q) and its two parts", 150, ofTable(partsOf));
  const points = h(
    "div",
    { hidden: () => state.part === "table" },
    density.element,
    h("div", { class: "result" }, climb.element),
  );
  const table = h(
    "div",
    { hidden: () => state.part !== "table" },
    bars.element,
    keys(["quiet wide", "p, the truth"], ["you wide", "q, the model: drag it"]),
    h(
      "div",
      { class: "result" },
      parts.element,
      keys(["quiet wide", "H(p)"], ["you wide", "KL(p ‖ q)"], ["ink wide", "H(p, q)"]),
    ),
  );

  /** The best μ for this σ, or the table that is the truth. */
  function climbUp() {
    const { part, sigma, prior, tau } = state;
    const mu = prior ? mapOf(sigma, tau) : MEAN;
    set(part === "table" ? { q: TRUE } : { mu: Number(mu.toFixed(4)) });
  }
  const best = button("To the maximum", climbUp, { kind: "primary" });
  return show([points, table], { below: [best], density, table: () => tableOf(found.value) });
}

export default mode(likelihood, { hint: "Drag the middle or the side of the curve" });
