/** Sentences on one picture filled in by all families. */

import { num } from "../kit/base/format.js";

const LONGEST = Number.MAX_VALUE;

/**
 * The cost of a family's completions, in milliseconds of its card, for their order: a family that draws in one pass
 * fills in by a search, which takes longest.
 */
export const completingCost = ({ card, completing }) => {
  const cost = card?.compare?.sampling;
  if (!cost) return 0;
  return cost.evaluations > 1 ? cost.milliseconds * completing : LONGEST;
};

/** The smallest and the largest of a figure, each with whose it is. */
function ends(found, key) {
  const sorted = found.filter((each) => Number.isFinite(each[key])).sort((a, b) => a[key] - b[key]);
  return sorted.length > 1
    ? [sorted[0], sorted.at(-1)].map((each) => `${num(each[key])} (${each.family.title})`)
    : null;
}

/**
 * `found` is a list of {family, away, among, same}; `kept` says what is kept of what is called `name`, in parts called
 * `part`.
 */
export function completeWords({ found, kept: what, part, name }) {
  const [away, among] = [ends(found, "away"), ends(found, "among")];
  const untouched = found.every(({ same }) => same);
  if (found.length === 1) return aloneWords(found[0], { what, part, name, untouched });
  if (!away) return "";
  const kept = `${what}${untouched ? `, and no family changes a ${part} of them` : ""}.`;
  const rest = ` The answers lie from ${away[0]} to ${away[1]} from the rest of ${name} (L2).`;
  const other = among ? ` The answers of one family differ by ${among[0]} to ${among[1]}.` : "";
  const mixed = new Set(found.map(({ family }) => family.pixels)).size > 1;
  return kept + rest + other +
    (mixed ? " Families of two levels are measured against the picture in black and white." : "");
}

/** Sentence on one family. */
function aloneWords({ away, among }, { what, part, name, untouched }) {
  if (!Number.isFinite(away)) return "";
  const kept = `${what}${untouched ? `, and no ${part} of them changes` : ""}.`;
  const other = Number.isFinite(among) ? ` They differ by ${num(among)} from each other.` : "";
  return `${kept} The answers lie ${num(away)} from the rest of ${name} on average (L2).${other}`;
}
