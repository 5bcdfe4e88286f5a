/** What is said of three losses on one clock. */

import { modesOf } from "./game_words.js";

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP" };

const percent = (share) => `${Math.round(100 * share)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One frame, in a caption. */
export const raceWords = ({ round }) => `Round ${round.toLocaleString("en")} of all three.`;

/** What one plane shows. */
export const laneWords = (frame, loss, seed, state) => `${NAMES[loss]}: ${frame.modes[loss][seed]} of ${modesOf(state)} modes, ${percent(frame.good[loss][seed])} near one`;

/** What is seen at a frame: how many seeds lost modes under each loss. */
export function raceSeen(frame, state) {
  const all = modesOf(state);
  const told = Object.keys(NAMES).map((loss) => {
    const lost = frame.modes[loss].map((modes, k) => [modes, state.gseed + k]).filter(([modes]) => modes < all);
    if (!lost.length) return `${NAMES[loss]} covers all ${all} modes with every seed.`;
    const seeds = lost.map(([modes, seed]) => `seed ${seed}: ${modes}`).join(", ");
    return `${NAMES[loss]} misses modes with ${lost.length} of ${frame.modes[loss].length} seeds (${seeds} of ${all}).`;
  });
  return told.join(" ");
}

/** Rows of a table: modes covered with each seed, and the mean share of points near one. */
export function raceRows(frame, state) {
  const head = ["", ...frame.modes.saturating.map((_, k) => `seed ${state.gseed + k}`), "near one"];
  return [head, Object.keys(NAMES).map((loss) => [NAMES[loss], ...frame.modes[loss].map(String), percent(mean(frame.good[loss]))])];
}
