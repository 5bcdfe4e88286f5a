/** p(x) by draws: of the prior, and of a proposal that is dragged, against the exact value. */

import { button, h } from "../kit/shell/dom.js";
import { brief, num } from "../kit/shell/format.js";
import { segmented } from "../kit/shell/parts.js";
import { createSeed } from "../kit/shell/seed.js";
import { curve, under } from "./figure.js";
import { counted, exactLogP, isWide, meanOf, posteriorOf, PRIOR, repeated } from "./importance_of.js";
import { keys, Mode } from "./mode.js";
import { places } from "./normal.js";

const RANGE = [-5, 5];
const XS = places(...RANGE, 601);
const TIMES = 300; // repetitions
const BINS = 48;
const [BELOW, ABOVE] = [6, 2]; // nats around the exact value that the histogram shows
const LOWER = 0.78; // the height of the proposal, so that its grips are apart from those of p(x | z)
const SIDE = Math.exp(-0.5); // of its top, where a Gaussian is one width off

const bump = (mean, sd, top = 1) => (z) => top * Math.exp(-(((z - mean) / sd) ** 2) / 2);

class Importance extends Mode {
  build() {
    const still = ["obs", "noise"].map((key) => this.grip(key, { still: true, step: key === "noise" ? 0.01 : 0.05 }));
    this.latent = this.figure("The prior, p(x | z), the posterior and the proposal over z", 250, [
      ...still,
      "pm",
      "ps",
    ]);
    this.spread = this.figure("Estimates of log p(x)", 220);
    this.main(
      this.latent,
      keys(["quiet dashed", "prior"], ["quiet", "p(x | z)"], ["ink", "posterior"], ["you", "proposal: drag it"]),
      this.spread,
      keys(["quiet wide", "by the prior"], ["you", "by the proposal"], ["ink dashed", "exact"]),
    );
    const { ctx } = this;
    const draws = ctx.fields.draws.choices.map((count) => [count, String(count)]);
    this.draws = segmented("Draws", draws, (count) => this.set({ draws: count }));
    this.seed = createSeed(ctx, { words: "Draw again" });
    const proposal = (words, proposalOf) => button(words, () => this.propose(proposalOf(ctx.store.get())));
    this.panel(
      h("div", { class: "row named" }, h("span", { class: "quiet" }, "draws"), this.draws),
      h(
        "div",
        { class: "row" },
        proposal("Propose the prior", () => PRIOR),
        proposal("Propose the posterior", ({ obs, noise }) => posteriorOf(obs, noise)),
      ),
      this.seed.element,
      this.numbers(2),
    );
  }

  propose({ mean, sd }) {
    const { low } = this.ctx.fields.ps;
    this.set({ pm: Number(mean.toFixed(4)), ps: Math.max(low, Number(sd.toFixed(4))) });
  }

  find({ obs, noise, pm, ps, draws, seed }) {
    const proposal = { mean: pm, sd: ps };
    const posterior = posteriorOf(obs, noise);
    const both = repeated({ x: obs, noise }, [PRIOR, proposal], { draws, seed, times: TIMES });
    const [byPrior, byProposal] = both.map((found) => found.map(({ log }) => log));
    return {
      ...{ draws, proposal, posterior, byPrior, byProposal },
      exact: exactLogP(obs, noise),
      first: both[1][0],
      means: { prior: meanOf(byPrior), proposal: meanOf(byProposal) },
      wide: isWide(proposal, posterior),
    };
  }

  rowsOf({ exact, first, draws, means }) {
    const about = ({ mean, se }) => `${num(mean)} ± ${num(se)}`;
    const error = Number.isFinite(first.se) ? ` ± ${brief(first.se)}` : "";
    return [
      ["exact p(x)", brief(Math.exp(exact), 3)],
      ["p̂(x), first repetition", `${brief(Math.exp(first.log), 3)}${error}`],
      ["effective sample size", `${num(first.ess, 1)} of ${draws}`],
      ["exact log p(x)", num(exact)],
      ["mean of log p̂, proposal", about(means.proposal)],
      ["mean of log p̂, prior", about(means.prior)],
    ];
  }

  wordsOf({ draws, exact, first, means, wide }) {
    const low = ({ mean, se }) =>
      Math.abs(exact - mean) < 2 * se
        ? "exact within its error"
        : `${num(Math.abs(exact - mean))} nats too ${mean < exact ? "low" : "high"}`;
    const worth = draws === 1
      ? "One draw of the proposal is taken at a time."
      : `Effective sample size: ${num(first.ess, 1)} of ${draws} draws.`;
    const infinite = wide
      ? ""
      : " The proposal is too narrow: its weights have no finite variance, so ± and the effective size say nothing.";
    return `${worth} Over ${TIMES} repetitions log p̂ is on average ${low(means.proposal)}, by draws of the prior ` +
      `${low(means.prior)}. p̂ itself is right on average; its logarithm is too low by Jensen's inequality, and less ` +
      `so with more draws.${infinite}`;
  }

  draw(_, state) {
    this.draws.set(state.draws);
    this.seed.update();
    this.showLatent(state);
    this.showSpread();
  }

  showLatent({ obs, noise, pm, ps }) {
    const { mean, sd } = this.found.posterior;
    const line = (of, how) => ({ points: curve(XS, of), ...how });
    const proposal = line(bump(pm, ps, LOWER), { colour: "you" });
    this.latent.show({
      ...{ xs: RANGE, ys: [0, 1.05], name: "over z, each scaled to a height of its own" },
      ticks: { y: [] },
      areas: [{ points: under(proposal.points), colour: "you" }],
      lines: [
        line(bump(PRIOR.mean, PRIOR.sd), { colour: "quiet", dash: [6, 4] }),
        line(bump(obs, noise), { colour: "quiet" }),
        line(bump(mean, sd, 0.9), { colour: "ink" }),
        proposal,
      ],
      grips: {
        obs: { at: [obs, 1], value: obs },
        noise: { at: [obs + noise, SIDE], value: noise, of: (z) => z - obs },
        pm: { at: [pm, LOWER], value: pm },
        ps: { at: [pm + ps, LOWER * SIDE], value: ps, of: (z) => z - pm },
      },
    });
  }

  showSpread() {
    const { exact, byPrior, byProposal } = this.found;
    const xs = [exact - BELOW, exact + ABOVE];
    const [prior, proposal] = [byPrior, byProposal].map((values) => counted(values, xs, BINS));
    const edge = (bin) => xs[0] + (bin / BINS) * (xs[1] - xs[0]);
    const ys = [0, 1.1 * Math.max(10, ...prior.counts, ...proposal.counts)];
    const left = `left of this chart: ${prior.before} by the prior, ${proposal.before} by the proposal`;
    this.spread.show({
      ...{ xs, ys, name: `${TIMES} estimates of log p̂(x); ${left}` },
      bars: prior.counts.map((y, bin) => ({ x0: edge(bin), x1: edge(bin + 1), y })),
      lines: [
        { points: proposal.counts.flatMap((y, bin) => [[edge(bin), y], [edge(bin + 1), y]]), colour: "you" },
        { points: [[exact, 0], [exact, ys[1]]], colour: "ink", dash: [3, 4] },
      ],
    });
  }

  table() {
    const { byPrior, byProposal, exact } = this.found;
    const rows = byPrior.map((log, i) => [i + 1, log, byProposal[i], exact]);
    return { name: "estimates", rows: [["repetition", "by the prior", "by the proposal", "exact log p(x)"], ...rows] };
  }
}

export default {
  hint: "Drag the proposal under the posterior",
  create: (ctx) => new Importance(ctx, "importance"),
};
