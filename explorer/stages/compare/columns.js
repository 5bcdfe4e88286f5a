/** What the cards say of each family, figure by figure, alike for all: the columns of the table. */

import { num } from "../shared/format.js";

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Values over seeds as {value, low, high}; null where there are none. */
const overSeeds = (values) => (values?.length ? { value: mean(values), low: Math.min(...values), high: Math.max(...values) } : null);

/**
 * How good the samples are, judged alike: {way, figures, floor, binarised}; null where it was not measured.
 *
 * Where everything was judged a second time in black and white, that is what families of all pixels have in common.
 */
export function judged({ card }) {
  const { quality } = card;
  if (!quality) return null;
  const block = quality.binarised ?? quality;
  const [way, figures] = Object.entries(block.ways)[0];
  return { way, figures, floor: block.floor, binarised: block === quality.binarised };
}

const ofSamples = (name, scale = () => 1) => (family) => {
  const found = judged(family);
  return found && overSeeds(found.figures[name]?.map((value) => value / scale(found.floor)));
};

const measured = (value) => (value === undefined || value === null ? null : { value });

/** −log p(x) of the test images, exact or by a bound. */
const likelihood = ({ card, can }) => (card.nll ? { ...card.nll, kind: can.likelihood } : null);

/** A whole number, in thousands or millions where it is large. */
function many(value) {
  if (value >= 1e6) return `${num(value / 1e6, 2)} M`;
  return value >= 1e4 ? `${num(value / 1e3, 0)} k` : num(value, 0);
}

const time = (value) => (value >= 100 ? num(value, 0) : num(value, 1));
const share = (value) => num(value, 3);
const percent = (value) => `${num(100 * value, 1)} %`;

/**
 * `read(family)` is {value, low, high} or null; `better` says whether the least or the most is best, where one can say;
 * `source` is the part of the card it comes from, and `cannot(family)` why a family can not have it, if it can not.
 */
export const COLUMNS = [
  { id: "frechet", title: "Fréchet ÷ floor", words: (value) => num(value, 1), better: "least", source: "quality", read: ofSamples("frechet", (floor) => floor.frechet) },
  { id: "precision", title: "precision", words: share, better: "most", source: "quality", read: ofSamples("precision") },
  { id: "recall", title: "recall", words: share, better: "most", source: "quality", read: ofSamples("recall") },
  { id: "likelihood", title: "−log p(x), nats", words: (value) => num(value, 1), better: "least", source: "likelihood", cannot: ({ can, cannot }) => !can.likelihood && cannot.log_prob, read: likelihood },
  { id: "evaluations", title: "evaluations an image", words: many, better: "least", source: "compare", read: ({ card }) => measured(card.compare?.sampling.evaluations) },
  { id: "milliseconds", title: "ms an image", words: time, better: "least", source: "compare", read: ({ card }) => measured(card.compare?.sampling.milliseconds) },
  { id: "parameters", title: "parameters", words: many, better: null, source: "training", read: ({ parameters }) => measured(parameters) },
  { id: "minutes", title: "training minutes", words: (value) => num(value, 0), better: null, source: "training", read: ({ card }) => measured(card.minutes) },
  { id: "use", title: "classifier from samples", words: percent, better: "most", source: "quality", cannot: ({ can, cannot }) => !can.label && cannot.label, read: ofSamples("use") },
];

export const columnOf = (id) => COLUMNS.find((column) => column.id === id);

/**
 * What a figure may be compared with: an exact likelihood with those of the same pixels, samples with those judged alike.
 * A bound stands alone: that one is lower than another says nothing of what they are bounds of.
 */
export function groupOf({ id, source }, family) {
  if (id === "likelihood") return family.can.likelihood === "exact" ? family.space : family.net;
  return source === "quality" ? String(judged(family).binarised) : "";
}

/** The families that are best in a column, among those with which they may be compared. */
export function bestIn(column, families) {
  if (!column.better) return new Set();
  const known = families.map((family) => ({ family, figure: column.read(family) })).filter(({ figure }) => figure);
  const groups = Map.groupBy(known, ({ family }) => groupOf(column, family));
  const extreme = column.better === "least" ? Math.min : Math.max;
  const winners = (group) => group.filter(({ figure }) => figure.value === extreme(...group.map((each) => each.figure.value)));
  return new Set([...groups.values()].filter((group) => group.length > 1).flatMap(winners).map(({ family }) => family));
}
