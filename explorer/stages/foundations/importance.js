/** p(x) by draws: of the prior, and of a proposal that is dragged, against the exact value. */

import { button, h } from "../kit/base/dom.js";
import { compare } from "../kit/base/verdict.js";
import { under } from "../kit/chart/chart.js";
import { mode } from "../kit/panel/mode.js";
import { dragged, said } from "../kit/panel/dragged.js";
import { curve, labelled } from "../kit/chart/figure.js";
import { counted, exactLogP, isWide, meanOf, posteriorOf, PRIOR, repeated } from "./importance_of.js";
import { places } from "./normal.js";

const RANGE = [-5, 5];
const XS = places(...RANGE, 601);
const TIMES = 300; // repetitions
const BINS = 48;
const [BELOW, ABOVE] = [6, 2]; // nats around the exact value that the histogram shows
const LOWER = 0.78; // the height of the proposal, so that its grips are apart from those of p(x | z)
const SIDE = Math.exp(-0.5); // of its top, where a Gaussian is one width off

const bump = (mean, sd, top = 1) => (z) => top * Math.exp(-(((z - mean) / sd) ** 2) / 2);

/** The estimates of log p(x) under the prior and under the proposal, beside the exact value. */
function estimates(self, { obs, noise, pm, ps, draws, seed }) {
  const proposal = { mean: pm, sd: ps };
  const posterior = posteriorOf(obs, noise);
  const both = repeated({ x: obs, noise }, [PRIOR, proposal], { draws, seed, times: TIMES });
  const [byPrior, byProposal] = both.map((found) => found.map(({ log }) => log));
  const [exact, [first]] = [exactLogP(obs, noise), both[1]];
  const means = { prior: meanOf(byPrior), proposal: meanOf(byProposal) };
  const low = ({ mean, se }) => {
    const off = Math.abs(exact - mean);
    const side = compare({ value: mean, se, n: TIMES }, { value: exact, se: 0, n: Infinity }, both.length);
    return said(self, ["low", "exact", "high"][1 + side], { off });
  };
  return {
    ...{ draws, times: TIMES, proposal, posterior, exact, means },
    ...{ obs, noise, pm, ps },
    p: Math.exp(exact),
    first: { ...first, p: Math.exp(first.log) },
    wide: isWide(proposal, posterior),
    logs: { prior: byPrior, proposal: byProposal },
    byPrior: low(means.prior),
    byProposal: low(means.proposal),
  };
}

function latentOf({ obs, noise, pm, ps, posterior: { mean, sd } }) {
  const line = (of, label, at, how) => ({ ...labelled(curve(XS, of), label, at), ...how });
  const proposal = line(bump(pm, ps, LOWER), "proposal: drag it", pm - ps, { colour: "you" });
  return {
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
  };
}

function spreadOf({ exact, logs }) {
  const xs = [exact - BELOW, exact + ABOVE];
  const [prior, proposal] = [logs.prior, logs.proposal].map((values) => counted(values, xs, BINS));
  const edge = (bin) => xs[0] + (bin / BINS) * (xs[1] - xs[0]);
  const ys = [0, 1.1 * Math.max(10, ...prior.counts, ...proposal.counts)];
  const [most, peak] = [prior, proposal].map(({ counts }) => counts.indexOf(Math.max(...counts)));
  const steps = proposal.counts.flatMap((y, bin) => [[edge(bin), y], [edge(bin + 1), y]]);
  const left = prior.before + proposal.before
    ? `; off the left: ${prior.before} prior, ${proposal.before} proposal`
    : "";
  return {
    ...{ xs, ys, name: `${TIMES} estimates of log p(x), nats${left}` },
    bars: prior.counts.map((y, bin) => ({ x0: edge(bin), x1: edge(bin + 1), y })),
    lines: [
      { ...labelled(steps, "by the proposal", edge(peak)), colour: "you" },
      { points: [[exact, 0], [exact, ys[1]]], colour: "ink", dash: [3, 4], label: "exact" },
      { points: [[edge(most), prior.counts[most] + 0.06 * ys[1]]], colour: "quiet", label: "by the prior" },
    ],
  };
}

function tableOf({ logs, exact }) {
  const rows = logs.prior.map((log, i) => [i + 1, log, logs.proposal[i], exact]);
  const head = ["repetition", "log p(x) by the prior, nats", "by the proposal, nats", "exact log p(x), nats"];
  return { name: "estimates", rows: [head, ...rows] };
}

function importance(self) {
  const { ctx, state } = self;
  const { found, figure, grip, set, show } = dragged(self, {
    find: (state) => estimates(self, state),
    namesOf: ({ draws, wide }) => [draws === 1 ? "one" : "several", "means", !wide && "narrow"],
  });
  const still = ["obs", "noise"].map((key) => grip(key, { still: true, step: key === "noise" ? 0.01 : 0.05 }));
  const latent = figure("The prior, p(x | z), the posterior and the proposal over z", 250, latentOf, {
    grips: [...still, "pm", "ps"],
  });
  const spread = figure("Estimates of log p(x)", 220, spreadOf);
  function propose({ mean, sd }) {
    const { low } = ctx.fields.ps;
    set({ pm: Number(mean.toFixed(4)), ps: Math.max(low, Number(sd.toFixed(4))) });
  }
  const proposals = h(
    "div",
    { class: "row" },
    button("Propose the prior", () => propose(PRIOR)),
    button("Propose the posterior", () => propose(posteriorOf(state.obs, state.noise))),
  );
  return show([latent, spread], { below: [proposals], latent, table: () => tableOf(found.value) });
}

export default mode(importance, { hint: "Drag the proposal under the posterior" });
