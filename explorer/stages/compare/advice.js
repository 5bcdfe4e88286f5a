/** Choose a model: what a visitor needs, the family whose figure answers best, and that figure. */

import { num } from "../shared/format.js";
import { columnOf, judged } from "./columns.js";

const read = (id) => (family) => columnOf(id).read(family)?.value ?? null;

const accuracy = (family) => {
  const values = judged(family)?.figures.accuracy;
  return values ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
};

/** The family with the most (or least) of those that `can`, and the one that follows it. */
function ranked(families, can, value, least) {
  const sign = least ? 1 : -1;
  return families.filter((family) => can(family) && value(family) !== null).sort((a, b) => sign * (value(a) - value(b)));
}

const any = () => true;
const than = (words, [, second]) => (second ? `${words}, before ${second.title}` : words);

/**
 * `rank(families)` are those that meet the need, the best first; `why(found)` says the figure; `others(families)` what is
 * to be said of the rest.
 */
export const NEEDS = [
  {
    id: "exact",
    title: "Exact likelihood",
    rank: (families) => ranked(families, ({ can }) => can.likelihood === "exact", read("likelihood"), true),
    why: ([first]) => `it says log p(x) exactly, −${num(read("likelihood")(first), 1)} nats on average. A bound only promises that the truth is higher.`,
  },
  {
    id: "speed",
    title: "Speed",
    rank: (families) => ranked(families, any, read("milliseconds"), true),
    why: (found) => `${than(`${time(found[0])} an image`, found)}${found[1] ? ` with ${time(found[1])}` : ""}, measured on one machine.`,
  },
  {
    id: "control",
    title: "Control",
    rank: (families) => ranked(families, ({ can }) => can.label, accuracy, false),
    why: ([first]) => `asked for a class, ${num(100 * accuracy(first), 1)} % of its images are seen as that class by a classifier${first.can.complete ? "; it also finishes half an image" : ""}.`,
  },
  {
    id: "real",
    title: "Real-looking",
    rank: (families) => ranked(families, any, read("frechet"), true),
    why: (found) => `${than(`its Fréchet distance is ${num(read("frechet")(found[0]), 1)} times that of real images`, found)}${found[1] ? ` with ${num(read("frechet")(found[1]), 1)}` : ""}.`,
  },
  {
    id: "variety",
    title: "Variety",
    rank: (families) => ranked(families, any, read("recall"), false),
    why: (found) => `${than(`${num(100 * read("recall")(found[0]), 1)} % of the real images lie among its own (recall)`, found)}.`,
  },
];

const time = (family) => `${num(read("milliseconds")(family), 1)} ms`;

/** {words, family}: the family to take, and the figure that says why; null where nothing is measured. */
export function advice(need, families) {
  const { rank, why } = NEEDS.find(({ id }) => id === need);
  const found = rank(families);
  if (!found.length) return { words: "No card has the figure that would say: nothing can be recommended yet.", family: null };
  return { words: `Take ${found[0].title}: ${why(found)}`, family: found[0] };
}
