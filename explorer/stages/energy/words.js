/** What a visitor sees of a landscape and of the chains on it, said with their own numbers. */

import { brief, num, percent } from "../kit/shell/format.js";
import { FAR } from "./chains.js";
import { autocorrelation, effectiveSize } from "./mixing.js";

export const WAYS = {
  cd: { short: "CD", name: "contrastive divergence" },
  pcd: { short: "PCD", name: "persistent contrastive divergence" },
  sm: { short: "SM", name: "score matching" },
  dsm: { short: "DSM", name: "denoising score matching" },
};
export const KERNELS = {
  langevin: { name: "Langevin", move: "Langevin step" },
  mala: { name: "MALA", move: "MALA move" },
  hmc: { name: "HMC", move: "HMC move" },
  walk: { name: "random walk", move: "random-walk move" },
};
const LEAST = 40; // moves until there is something to say of how chains mix
const EXACT = 0.03; // nats
const VISITED = 0.01;

const count = (n, name) => `${n.toLocaleString("en")} ${name}${n === 1 ? "" : "s"}`;

/** How far the masses of the pieces are off: half the sum of the differences. */
function sharesOff(shares, { pieces }) {
  const all = pieces.reduce((a, b) => a + b, 0);
  return pieces.reduce((sum, each, i) => sum + Math.abs(shares[i] - each / all), 0) / 2;
}

/** Of the surface alone. */
export function landscapeWords({ kl, logZ, shares }, facts, { way }) {
  const off = sharesOff(shares, facts);
  const verdict = kl < EXACT
    ? "dark valleys lie where the data are, and as deep as they should"
    : off > 0.05
    ? "the valleys lie where the data are, but some are too deep and others too shallow"
    : "the valleys lie where the data are";
  return `An energy learned by ${WAYS[way].name}. With log Z = ${num(logZ)} by integration over 25,600 cells, ` +
    `KL(p ‖ exp(−E)/Z) is ${num(kl, 3)} nats: ${verdict}. ${percent(off)} of the mass lies in the wrong one of ` +
    `${shares.length} pieces.`;
}

/** Of chains after so many moves. */
export function chainWords(run, at, surface, facts) {
  const { settings, diverged } = run;
  const { kernel, eps, chains } = settings;
  if (diverged && at >= diverged.move) return divergedWords(run);
  if (!at) return `${count(chains, "chain")} ${chains === 1 ? "waits" : "wait"} where you dropped ${they(chains)}.`;
  const { taken, crossings } = run.frames[at];
  const accepted = kernel === "langevin"
    ? "Every proposal is taken, so what they tend to is off by the step"
    : `${percent(taken / (at * chains), 1)} of the proposals were taken`;
  const crossed = crossings
    ? `They crossed from piece to piece ${count(crossings, "time")}, one crossing in ` +
      `${Math.round((at * chains) / crossings).toLocaleString("en")} moves of a chain`
    : "None crossed from piece to piece";
  return `${count(chains, "chain")} after ${count(at, KERNELS[kernel].move)} with ε = ${brief(eps)}. ${accepted}. ` +
    `${crossed}. ${at < LEAST ? "" : mixingWords(run, at, surface, facts)}`;
}

const they = (chains) => (chains === 1 ? "it" : "them");

/** Over the later half of the moves. */
function mixingWords(run, at, surface, { pieces }) {
  const from = at >> 1;
  const sizes = [0, 1].map((axis) => {
    const series = run.series(axis, from, at + 1);
    return effectiveSize(series, autocorrelation(series)) / (series.length * series[0].length);
  });
  const share = Math.min(...sizes);
  const stay = Array(pieces.length).fill(0);
  let all = 0;
  for (let k = from; k <= at; k += Math.max(1, (at - from) >> 5)) {
    run.pieces.all(run.frames[k].x).forEach((piece) => {
      if (piece >= 0) stay[piece]++;
      all += piece >= 0;
    });
  }
  const visited = stay.filter((n) => n > VISITED * all).length;
  const apart = stay.reduce((sum, n, i) => sum + Math.abs(n / Math.max(1, all) - surface.shares[i]), 0) / 2;
  const at1 = run.settings.temp === 1 ? "" : " at T = 1";
  const fooled = visited < pieces.length ? ", which knows nothing of pieces that no chain has visited" : "";
  return `In the later half they were in ${visited} of ${pieces.length} pieces; by exp(−E)/Z${at1}, ${
    percent(apart)
  } of ` +
    `that time belongs elsewhere. ${percent(share, 2)} of their draws are worth an independent one, by ` +
    `autocorrelation${fooled}. A move costs ${count(run.cost, "evaluation")} of the network.`;
}

function divergedWords({ diverged, settings }) {
  const { chain, why, move } = diverged;
  const what = why === "far" ? `went beyond ${FAR.toLocaleString("en")}` : "has an energy that is no number";
  return `Stopped: chain ${chain + 1} ${what} at move ${move}. Far out E grows like half the square of the distance, ` +
    `so a step multiplies it by 1 − ε²/2, which is ${num(1 - settings.eps ** 2 / 2)} for ε = ${brief(settings.eps)}: ` +
    "beyond ε = 2 each step overshoots farther than the one before. Take a smaller one, or let Metropolis refuse.";
}

export function caption(run, at) {
  if (run.diverged && at >= run.diverged.move) return `Stopped at move ${run.diverged.move}: a chain diverged.`;
  const { temperature } = run.frames[at];
  const heat = run.settings.cure === "annealing" ? ` at T = ${num(temperature)}` : "";
  return at ? `After ${count(at, "move")}${heat}.` : "Where the chains were dropped.";
}

/** What a screen reader says of the picture. */
export function planeWords(title, run, at) {
  return run
    ? `${title}: ${count(run.settings.chains, "chain")} after ${count(at, "move")}.`
    : `${title}: shades of the energy with its contours.`;
}
