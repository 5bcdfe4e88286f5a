/** Choose a model: what a visitor needs, the family whose figure answers best, and that figure. */

import { num } from "../shared/format.js";
import { columnOf, groupOf, judged } from "./columns.js";

const read = (id) => (family) => columnOf(id).read(family)?.value ?? null;

const accuracy = (family) => {
  const values = judged(family)?.figures.accuracy;
  return values ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
};

const any = () => true;

/**
 * The families that `can` by the `value` of each, the best first, and the `rest`, whose figures may not be compared with
 * theirs: of those measured alike as `column` says the most are ranked.
 */
function rankedBy({ column, value = read(column), can = any, least = false }, families) {
  const known = families.filter((family) => can(family) && value(family) !== null);
  const groups = [...Map.groupBy(known, (family) => groupOf(columnOf(column), family)).values()];
  const ranked = groups.reduce((most, group) => (group.length > most.length ? group : most), []);
  const sign = least ? 1 : -1;
  return { ranked: [...ranked].sort((a, b) => sign * (value(a) - value(b))), rest: known.filter((family) => !ranked.includes(family)) };
}

const than = (words, [, second]) => (second ? `${words}, before ${second.title}` : words);
const restWords = (rest) => (rest.length ? ` Not compared, as measured otherwise: ${rest.map(({ title }) => title).join(", ")}.` : "");

/** By which figure the families are ranked for each need, and `why(found)`, what is said of the best. */
export const NEEDS = [
  {
    id: "exact",
    title: "Exact likelihood",
    by: { column: "likelihood", can: ({ can }) => can.likelihood === "exact", least: true },
    why: ([first]) => `it says log p(x) exactly, −${num(read("likelihood")(first), 1)} nats on average. A bound only promises that the truth is higher.`,
  },
  {
    id: "speed",
    title: "Speed",
    by: { column: "milliseconds", least: true },
    why: (found) => `${than(`${time(found[0])} an image`, found)}${found[1] ? ` with ${time(found[1])}` : ""}, measured on one machine.`,
  },
  {
    id: "control",
    title: "Control",
    by: { column: "precision", value: accuracy, can: ({ can }) => can.label },
    why: ([first]) => `asked for a class, ${num(100 * accuracy(first), 1)} % of its images are seen as that class by a classifier${first.can.complete ? "; it also finishes half an image" : ""}.`,
  },
  {
    id: "real",
    title: "Real-looking",
    by: { column: "frechet", least: true },
    why: (found) => `${than(`its Fréchet distance is ${num(read("frechet")(found[0]), 1)} times that of real images`, found)}${found[1] ? ` with ${num(read("frechet")(found[1]), 1)}` : ""}.`,
  },
  {
    id: "variety",
    title: "Variety",
    by: { column: "recall" },
    why: (found) => `${than(`${num(100 * read("recall")(found[0]), 1)} % of the real images lie among its own (recall)`, found)}.`,
  },
];

const time = (family) => `${num(read("milliseconds")(family), 1)} ms`;

/** {words, family}: the family to take, and the figure that says why; null where nothing is measured. */
export function advice(need, families) {
  const { by, why } = NEEDS.find(({ id }) => id === need);
  const { ranked, rest } = rankedBy(by, families);
  if (!ranked.length) return { words: "No card has the figure that would say: nothing can be recommended yet.", family: null };
  return { words: `Take ${ranked[0].title}: ${why(ranked)}${restWords(rest)}`, family: ranked[0] };
}
