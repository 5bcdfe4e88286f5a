/** p(x) by draws: of the prior, and of a proposal that is dragged, against the exact value. */

import { under } from "../kit/chart/chart.js";
import { button, h } from "../kit/base/dom.js";
import { compare } from "../kit/base/verdict.js";
import { curve, labelled } from "./figure.js";
import { counted, exactLogP, isWide, meanOf, posteriorOf, PRIOR, repeated } from "./importance_of.js";
import { Mode } from "./mode.js";
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
    const proposal = (words, proposalOf) => button(words, () => this.propose(proposalOf(this.ctx.store.get())));
    const proposals = h(
      "div",
      { class: "row" },
      proposal("Propose the prior", () => PRIOR),
      proposal("Propose the posterior", ({ obs, noise }) => posteriorOf(obs, noise)),
    );
    this.show([this.latent, this.spread], proposals);
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
    const [exact, [first]] = [exactLogP(obs, noise), both[1]];
    const means = { prior: meanOf(byPrior), proposal: meanOf(byProposal) };
    const low = ({ mean, se }) => {
      const off = Math.abs(exact - mean);
      const side = compare({ value: mean, se, n: TIMES }, { value: exact, se: 0, n: Infinity }, both.length);
      return this.said(["low", "exact", "high"][1 + side], { off });
    };
    return {
      ...{ draws, times: TIMES, proposal, posterior, exact, means },
      p: Math.exp(exact),
      first: { ...first, p: Math.exp(first.log) },
      wide: isWide(proposal, posterior),
      logs: { prior: byPrior, proposal: byProposal },
      byPrior: low(means.prior),
      byProposal: low(means.proposal),
    };
  }

  namesOf({ draws, wide }) {
    return [draws === 1 ? "one" : "several", "means", !wide && "narrow"];
  }

  draw(_, state) {
    this.showLatent(state);
    this.showSpread();
  }

  showLatent({ obs, noise, pm, ps }) {
    const { mean, sd } = this.found.posterior;
    const line = (of, label, at, how) => ({ ...labelled(curve(XS, of), label, at), ...how });
    const proposal = line(bump(pm, ps, LOWER), "proposal: drag it", pm - ps, { colour: "you" });
    this.latent.show({
      ...{ xs: RANGE, ys: [0, 1.05], name: "densities over z, each scaled to a height of its own" },
      ticks: { y: [] },
      areas: [{ points: under(proposal.points), colour: "you" }],
      lines: [
        line(bump(PRIOR.mean, PRIOR.sd), "prior", PRIOR.mean - PRIOR.sd, { colour: "quiet", dash: [6, 4] }),
        line(bump(obs, noise), "p(x | z)", obs + 1.6 * noise, { colour: "quiet" }),
        line(bump(mean, sd, 0.9), "posterior", mean, { colour: "ink" }),
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
    const { exact, logs } = this.found;
    const xs = [exact - BELOW, exact + ABOVE];
    const [prior, proposal] = [logs.prior, logs.proposal].map((values) => counted(values, xs, BINS));
    const edge = (bin) => xs[0] + (bin / BINS) * (xs[1] - xs[0]);
    const ys = [0, 1.1 * Math.max(10, ...prior.counts, ...proposal.counts)];
    const [most, peak] = [prior, proposal].map(({ counts }) => counts.indexOf(Math.max(...counts)));
    const steps = proposal.counts.flatMap((y, bin) => [[edge(bin), y], [edge(bin + 1), y]]);
    const left = prior.before + proposal.before
      ? `; off the left: ${prior.before} prior, ${proposal.before} proposal`
      : "";
    this.spread.show({
      ...{ xs, ys, name: `${TIMES} estimates of log p(x), nats${left}` },
      bars: prior.counts.map((y, bin) => ({ x0: edge(bin), x1: edge(bin + 1), y })),
      lines: [
        { ...labelled(steps, "by the proposal", edge(peak)), colour: "you" },
        { points: [[exact, 0], [exact, ys[1]]], colour: "ink", dash: [3, 4], label: "exact" },
        { points: [[edge(most), prior.counts[most] + 0.06 * ys[1]]], colour: "quiet", label: "by the prior" },
      ],
    });
  }

  table() {
    const { logs, exact } = this.found;
    const rows = logs.prior.map((log, i) => [i + 1, log, logs.proposal[i], exact]);
    return {
      name: "estimates",
      rows: [["repetition", "log p(x) by the prior, nats", "by the proposal, nats", "exact log p(x), nats"], ...rows],
    };
  }
}

export default {
  hint: "Drag the proposal under the posterior",
  create: (ctx) => new Importance(ctx, "importance"),
};
