/** Divergence of a Gaussian q from a mixture p of two, by numerical integrals; and gradient descent on it. */

import { logNormal, logSumExp, places } from "./normal.js";

/** Weight of each mode of p, the left one first, and its width. */
const WEIGHTS = [0.6, 0.4];
const WIDTH = 0.7;

const STEP = 0.05;
const GRID = places(-40, 40, 1601);
const NARROWEST = 0.1;
const WIDEST = 20;
const NUDGE = 1e-4; // for a slope by differences
const FLAT = 1e-7; // a step that lowers the divergence by less ends the descent
const LONGEST = 0.25;
const GROWTH = 1.2; // of the rate after each step that was good
const SHORTEST = 1e-6;
const SAME = 0.3;
const PATIENT = 400; // steps, within which a descent to a minimum ends

/** log p(x) of modes that are `gap` apart. */
export const logMixture = (x, gap) =>
  logSumExp(WEIGHTS.map((weight, i) => Math.log(weight) + logNormal(x, (i - 0.5) * gap, WIDTH)));

/** log p at the places where the integrals are taken. */
export const tableOf = (gap) => GRID.map((x) => logMixture(x, gap));

const integral = (of) => STEP * GRID.reduce((sum, _, i) => sum + of(i), 0);
const weighed = (logA, log) => (logA < -700 ? 0 : Math.exp(logA) * log);

/** Integrands of KL(p ‖ q), KL(q ‖ p) and the Jensen–Shannon divergence, in nats. */
const MEASURES = {
  forward: (logP, logQ) => weighed(logP, logP - logQ),
  reverse: (logP, logQ) => weighed(logQ, logQ - logP),
  js: (logP, logQ) => {
    const middle = logSumExp([logP, logQ]) - Math.LN2;
    return (weighed(logP, logP - middle) + weighed(logQ, logQ - middle)) / 2;
  },
};

/** One divergence of q = N(m, s²) by its name; `table` is `tableOf` a gap. */
function divergence(table, { m, s }, goal) {
  return integral((i) => MEASURES[goal](table[i], logNormal(GRID[i], m, s)));
}

/** All three by their names. */
export const divergences = (table, q) =>
  Object.fromEntries(Object.keys(MEASURES).map((goal) => [goal, divergence(table, q, goal)]));

/** Mass of p and of q between two places. */
export function massBetween(table, { m, s }, [low, high]) {
  const inside = (log) => integral((i) => (GRID[i] > low && GRID[i] < high ? Math.exp(log(i)) : 0));
  return { p: inside((i) => table[i]), q: inside((i) => logNormal(GRID[i], m, s)) };
}

/** The mean and the width of p, which are those of the Gaussian with the least KL(p ‖ q). */
export function momentsOf(gap) {
  const m = (gap * (WEIGHTS[1] - WEIGHTS[0])) / 2;
  return { m, s: Math.sqrt(WIDTH ** 2 + gap ** 2 * WEIGHTS[0] * WEIGHTS[1]) };
}

/**
 * Gradient descent in m and log s from where q stands: {m, s, value} of each step, the first of them the start. No step
 * is longer than `LONGEST`; one that would not lower the divergence is halved until it does, and where none does, the
 * descent is over.
 */
export function descend(table, { m, s }, goal, most) {
  /** @param {number[]} place */
  const at = ([mean, log]) => divergence(table, { m: mean, s: Math.exp(log) }, goal);
  const path = [];
  let [place, rate] = [[m, Math.log(s)], 1];
  let value = at(place);
  const keep = () => path.push({ m: place[0], s: Math.exp(place[1]), value });
  keep();
  while (path.length <= most) {
    const slope = place.map((_, i) => {
      const [up, down] = [NUDGE, -NUDGE].map((by) => at(place.with(i, place[i] + by)));
      return (up - down) / (2 * NUDGE);
    });
    const next = stepDown(at, place, slope, value, Math.min(GROWTH * rate, LONGEST / Math.hypot(...slope)));
    if (!next || value - next.value < FLAT) break;
    ({ place, value, rate } = next);
    keep();
  }
  return path;
}

/** Ends of descents that begin at either mode, or with the mean and the width of p: the lowest first, each once. */
export function minima(table, gap, goal) {
  const modes = WEIGHTS.map((_, i) => ({ m: (i - 0.5) * gap, s: WIDTH }));
  const paths = [...modes, momentsOf(gap)].map((q) => descend(table, q, goal, PATIENT));
  const ends = paths.filter(({ length }) => length <= PATIENT).map((path) => path.at(-1));
  ends.sort((one, other) => one.value - other.value);
  return ends.filter((end, i) => !ends.slice(0, i).some((lower) => isNear(end, lower)));
}

/** True if two descents ended in the same place. */
export const isNear = (one, other) => Math.hypot(one.m - other.m, one.s - other.s) < SAME;

/** The first of ever shorter steps against the slope that lowers the value, or null. */
function stepDown(at, place, slope, value, first) {
  for (let rate = first; rate > SHORTEST; rate /= 2) {
    const next = place.map((each, i) => each - rate * slope[i]);
    const wide = Math.exp(next[1]);
    if (wide < NARROWEST || wide > WIDEST) continue;
    const lower = at(next);
    if (lower < value) return { place: next, value: lower, rate };
  }
  return null;
}
