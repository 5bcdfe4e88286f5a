/** What is said of three losses on one clock, and of a grid of settings. */

import { num, percent } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP" };

/** One frame, in a caption. */
export const raceWords = ({ round }) => `Round ${round.toLocaleString("en")} of all three.`;

/** What one plane shows: the modes that are covered, or how many points lie near where none can be counted. */
export const laneWords = ({ of, modes, near }, loss, seed) =>
  of === null ? `${percent(near[loss][seed])} near` : `${modes[loss][seed]} of ${of} modes`;

/** What is seen at a frame: what each loss covers, and how far it is from the data, over the seeds. */
export function raceSeen({ round, of, modes, divergence }) {
  const told = Object.entries(NAMES).map(([loss, name], place) => {
    const [modesOf, apart] = place ? ["", "at"] : [` of ${of} modes, seed by seed,`, "at a mean divergence of"];
    const counted = of === null ? "is" : `${place ? "" : "covers "}${modes[loss].join(", ")}${modesOf}`;
    return `${name} ${counted} ${apart} ${num(mean(divergence[loss]))}`;
  });
  const means = Object.keys(NAMES).map((loss) => [mean(of === null ? divergence[loss] : modes[loss]), NAMES[loss]]);
  const [least, name] = means.reduce((a, b) => (a[0] <= b[0] ? a : b));
  const [most, far] = means.reduce((a, b) => (a[0] >= b[0] ? a : b));
  const seeds = `in the mean of ${divergence.saturating.length} seeds`;
  const lead = of === null
    ? `${far} is farthest from the data, ${num(most)} nats ${seeds}`
    : `${name} covers the fewest modes, ${num(least, 1)} of ${of} ${seeds}`;
  return `After ${round.toLocaleString("en")} rounds ${lead}. ${told.join("; ")}.`;
}

/** Rows of a table: modes covered with each seed, and the means of the other two figures. */
export function raceRows({ of, modes, near, divergence }, gseed) {
  const seeds = of === null ? [] : modes.saturating.map((_, k) => `seed ${gseed + k}`);
  const rows = Object.entries(NAMES).map((
    [loss, name],
  ) => [name, ...seeds.map((_, k) => String(modes[loss][k])), percent(mean(near[loss])), num(mean(divergence[loss]))]);
  return [["", ...seeds, "near", "divergence"], rows];
}

/** Whether two settings are the same. */
export const isCell = (cell, { dsteps, lrd, lrg }) => cell.dsteps === dsteps && cell.lrd === lrd && cell.lrg === lrg;

/** The learning rates of both players, or of D and of G. */
export const rateWords = ({ lrd, lrg }) => (lrd === lrg ? `${lrd}` : `${lrd}/${lrg}`);

/** A cell in words. */
export function cellWords({ dsteps, lrd, lrg, losses }, loss, of) {
  const { modes, divergence, rounds, settled } = losses[loss];
  const when = settled
    ? `settled by round ${rounds.toLocaleString("en")}`
    : `not settled by round ${rounds.toLocaleString("en")}`;
  return `${NAMES[loss]}, ${dsteps} D-${dsteps === 1 ? "step" : "steps"} a round, rates ` +
    `${rateWords({ lrd, lrg })}: ${num(mean(modes), 1)} of ${of} modes (${modes.join(", ")}), ` +
    `divergence ${num(mean(divergence))}; ${when}`;
}
