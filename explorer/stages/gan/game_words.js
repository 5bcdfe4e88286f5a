/** What is said of a game. */

import { num } from "../shared/format.js";

const NAMES = { ring: "eight Gaussians on a ring", grid: "25 Gaussians on a grid", moons: "two moons, of 80 Gaussians", painted: "the points that you painted" };
const MODES = { ring: 8, grid: 25, moons: 80 };

export const modesOf = ({ data, points }) => MODES[data] ?? points.length / 2;

const percent = (share) => `${Math.round(100 * share)} %`;

/** One frame, in a caption. */
export function frameWords(frame, state) {
  const single = /[dg]$/.exec(frame.moves)?.[0];
  const after = single ? `, then one step of ${single.toUpperCase()}` : "";
  return `Round ${frame.round.toLocaleString("en")}${after}: ${frame.modes} of ${modesOf(state)} modes covered, ${percent(frame.good)} of the points near one.`;
}

/** The text alternative of the plane. */
export function planeWords(frame, state) {
  const said = frame.gap === null ? `the critic's value goes from ${num(frame.low)} to ${num(frame.high)}` : `D is off the best one by ${num(frame.gap)} at generated points`;
  return `${NAMES[state.data]}; ${frameWords(frame, state)} ${said[0].toUpperCase()}${said.slice(1)}.`;
}

/** What a visitor sees at one frame. */
export function gameWords(frame, state) {
  const { loss } = state;
  const covered = `The generator covers ${frame.modes} of ${modesOf(state)} modes, and ${percent(frame.good)} of its points lie within 3σ of one. `;
  if (loss === "wgan-gp") return `${covered}The critic's values in this plane go from ${num(frame.low)} to ${num(frame.high)}: they are no probabilities, and not to be compared with p ÷ (p + q).`;
  const gap = `At the generated points D is off the best answer, p ÷ (p + q), by ${num(frame.gap)} on average`;
  return `${covered}${gap}${frame.gap < 0.1 ? ": it is a good judge." : ": it has not caught up with the generator."}`;
}

export const figuresOf = (frame, state) => [
  ["round", frame ? frame.round.toLocaleString("en") : "–"],
  ["steps of D · of G", frame ? `${frame.steps_d.toLocaleString("en")} · ${frame.steps_g.toLocaleString("en")}` : "–"],
  ["loss of D", num(frame?.loss_d, 3)],
  ["loss of G", num(frame?.loss_g, 3)],
  ["norm of G's gradient", num(frame?.gradient, 3)],
  ["modes covered", frame ? `${frame.modes} of ${modesOf(state)}` : "–"],
  ["high quality", frame ? percent(frame.good) : "–"],
  ["|D − best D|", num(frame?.gap, 3)],
];
