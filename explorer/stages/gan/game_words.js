/** What is said of a game. */

import { num, percent } from "../kit/shell/format.js";

const NAMES = {
  ring: "eight Gaussians on a ring",
  grid: "25 Gaussians on a grid",
  moons: "two moons, of 80 Gaussians that overlap",
  painted: "the points that you painted",
};

/** The most that a Jensen–Shannon divergence can be, in nats. */
export const MOST_APART = Math.LN2;

/** “5 of 8”; data whose Gaussians overlap have no modes to count. */
const covered = ({ modes, of }) => (of === null ? null : `${modes} of ${of}`);

/** One frame, in a caption. */
export function frameWords(frame) {
  const single = /[dg]$/.exec(frame.moves)?.[0];
  const after = single ? `, then one step of ${single.toUpperCase()}` : "";
  const modes = frame.of === null ? "" : `${covered(frame)} modes, `;
  return `Round ${frame.round.toLocaleString("en")}${after}: ${modes}${percent(frame.near)} of points near.`;
}

/** The text alternative of the plane. */
export function planeWords(frame, state) {
  const said = frame.gap === null
    ? `The critic's value goes from ${num(frame.low)} to ${num(frame.high)}`
    : `D is off the best one by ${num(frame.gap)} at generated points`;
  return `${NAMES[state.data]}; ${frameWords(frame)} ${said}.`;
}

/** What a visitor sees at one frame. */
export function gameWords(frame, state) {
  const when = frame.round || frame.steps_d
    ? `After ${frame.round.toLocaleString("en")} rounds`
    : "Before the first step";
  const modes = frame.of === null
    ? `${when} ${percent(frame.near)} of the generated points lie near the data`
    : `${when} the generator covers ${covered(frame)} modes. Of its points, ${
      percent(frame.near)
    } lie within 3σ of one`;
  const apart = `The Jensen–Shannon divergence from the data is ${num(frame.divergence)} nats, where 0 is no ` +
    `difference and ${num(MOST_APART)} the most`;
  if (state.loss === "wgan-gp") {
    return `${modes}. ${apart}. The critic's values in this plane go from ${num(frame.low)} to ` +
      `${num(frame.high)}: they are no probabilities, and not to be compared with p ÷ (p + q).`;
  }
  const gap = `At the generated points D is off the best answer, p ÷ (p + q), by ${num(frame.gap)} on average`;
  return `${modes}. ${apart}. ${gap}.`;
}

export const figuresOf = (frame) => [
  ["round", frame ? frame.round.toLocaleString("en") : "–"],
  ["steps of D · of G", frame ? `${frame.steps_d.toLocaleString("en")} · ${frame.steps_g.toLocaleString("en")}` : "–"],
  ["loss of D", num(frame?.loss_d, 3)],
  ["loss of G", num(frame?.loss_g, 3)],
  ["norm of G's gradient", num(frame?.gradient, 3)],
  ["modes covered", (frame && covered(frame)) ?? "–"],
  ["points within 3σ", frame ? percent(frame.near) : "–"],
  ["JS divergence, nats", num(frame?.divergence, 3)],
  ["|D − best D|", num(frame?.gap, 3)],
];
