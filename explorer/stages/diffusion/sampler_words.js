/** Sentences on the samplers, with the numbers measured on the rows. */

import { num } from "../kit/base/format.js";
import { apart, spread } from "../kit/film/strip.js";

export const COUNT = 4;

/** True if a sampler adds no noise between its steps. */
export const isFixed = ({ name, noisy }, eta) => !noisy && (name !== "ddim" || eta === 0);

/**
 * The sentence about two samplers, {name, title, noisy, few, many}, at time t, once their shortest and longest rows are
 * there.
 */
export function pairWords(sides, eta, t) {
  const there = sides.filter(({ few, many }) => few && many);
  if (there.length < sides.length) return "";
  const [one, other] = there;
  const between = num(apart(one.many.x, other.many.x, COUNT));
  const distances = there.filter((side) => isFixed(side, eta)).map(({ title, few, many }) =>
    `${title}'s ${few.evaluations} evaluations ${t > 0 ? "are" : "end"} ${num(few.distance)} (L2) from its ` +
    `${many.evaluations}`
  );
  const ends = `The longest rows of ${one.title} and ${other.title} end ${between} apart, two images ` +
    `${num(spread(one.many.x, COUNT))}.`;
  const lead = distances.length ? `${t > 0 ? `At t = ${t.toLocaleString("en")} ` : ""}${distances.join("; ")}. ` : "";
  const noisy = there.find((side) => !isFixed(side, eta));
  const why = distances.length === 2
    ? "Both solve the same equation without noise, so more evaluations bring them closer."
    : distances.length === 1
    ? `${noisy.title} adds noise on the way, so it goes elsewhere.`
    : "Both add noise on the way, each its own, so neither converges to the other.";
  const cost = num(one.many.seconds / Math.max(1e-3, one.few.seconds), 0);
  return `${lead}${why} ${ends} ${one.many.evaluations} evaluations took ${cost} times as long as ` +
    `${one.few.evaluations}.`;
}
