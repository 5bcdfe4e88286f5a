/** What the cards say of each family, figure by figure, alike for all: the columns of the table. */

import { num, percent } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";
import { isBetter } from "../kit/chart/better.js";

const FLOOR = "training images"; // the way of what has no seed, for comparison

/** Values over seeds as {value, low, high, se, seeds}; null where there are none. */
function overSeeds(values) {
  if (!values.length) return null;
  const [value, seeds] = [mean(values), values.length];
  const variance = seeds > 1 ? mean(values.map((each) => (each - value) ** 2)) / (seeds - 1) : 0;
  return { value, low: Math.min(...values), high: Math.max(...values), se: Math.sqrt(variance), seeds };
}

/**
 * How good the samples are, judged alike, by how they were judged, "binarised" and "grey": {pixels, way, rows, floor}.
 *
 * Families of all pixels have the binarised ones in common: those come first.
 */
export function judged({ card }) {
  const rows = card.quality?.rows ?? [];
  return ["binarised", "grey"].flatMap((pixels) => {
    const found = rows.filter((row) => row.pixels === pixels);
    const way = found.find((row) => row.way !== FLOOR)?.way;
    if (!way) return [];
    const floors = found.filter((row) => row.way === FLOOR).map(({ name, value }) => [name, value]);
    return [{ pixels, way, rows: found.filter((row) => row.way === way), floor: Object.fromEntries(floors) }];
  });
}

/** One figure of the samples as it is shown, with the same one of other pixels as its `others`. */
function ofSamples(name, scale = () => 1) {
  const readOne = ({ pixels, way, rows, floor }) => {
    const values = rows.filter((row) => row.name === name).map(({ value }) => value / scale(floor));
    const figure = overSeeds(values);
    return figure && { ...figure, pixels, way, floor: floor[name] / scale(floor) };
  };
  return (family) => first(judged(family).map(readOne));
}

/** The Fréchet distance of binarised samples over its floor; null where it was not measured. */
export function binarisedFrechet(family) {
  const figure = ofSamples("frechet", ({ frechet }) => frechet)(family);
  return figure?.pixels === "binarised" ? figure.value : null;
}

/** The first of the figures, with the rest as its `others`; null where there is none. */
function first(figures) {
  const [figure, ...others] = figures.filter(Boolean);
  return figure ? { ...figure, others } : null;
}

/**
 * How often the class asked for is seen, at the setting of the family at which that is most often; settings are
 * measured in the family's own pixels, so that those come first.
 */
function asAsked(family) {
  const best = (figure) => {
    const settings = (family.card.settings ?? []).filter(({ pixels }) => pixels === figure.pixels);
    return settings.reduce((most, each) => (each.value > most.value ? { ...each, floor: figure.floor } : most), figure);
  };
  const { others = [], ...figure } = ofSamples("accuracy")(family) ?? {};
  return "value" in figure ? first([...others, figure].map(best)) : null;
}

const measured = (value) => (value === undefined || value === null ? null : { value });

/** −log p(x) of the test images, exact, by a bound or by an estimate. */
const likelihood = (
  { card, can, space },
) => (card.nll ? { ...card.nll, kind: can.likelihood, space, others: [] } : null);

/** A whole number, in thousands or millions where it is large. */
function many(value) {
  if (value >= 1e6) return `${num(value / 1e6, 2)} M`;
  return value >= 1e4 ? `${num(value / 1e3, 0)} k` : num(value, 0);
}

const time = (value) => (value >= 100 ? num(value, 0) : num(value, 1));
const share = (value) => percent(value, 1);
const noLabel = ({ can, cannot }) => !can.label && cannot.label;

/**
 * `read(family)` is {value, …} or null; `better` says whether the least or the most is best, where one can say;
 * `unit` stands in the head of the column and not in its cells; `log` marks a logarithmic axis; `source` is the part of
 * the card it comes from, and `cannot(family)` why a family can not have it, if it can not.
 */
export const COLUMNS = [
  {
    id: "likelihood",
    title: "−log p(x), nats",
    words: (value) => num(value, 1),
    better: "least",
    source: "likelihood",
    cannot: ({ can, cannot }) => !can.likelihood && cannot.log_prob,
    read: likelihood,
  },
  {
    id: "frechet",
    title: "Fréchet ÷ floor",
    words: (value) => num(value, 1),
    better: "least",
    log: true,
    source: "quality",
    read: ofSamples("frechet", (floor) => floor.frechet),
  },
  {
    id: "recall",
    title: "recall",
    words: share,
    unit: "%",
    better: "most",
    source: "quality",
    read: ofSamples("recall"),
  },
  {
    id: "accuracy",
    title: "class as asked",
    words: share,
    unit: "%",
    better: "most",
    source: "quality",
    cannot: noLabel,
    read: asAsked,
  },
  {
    id: "milliseconds",
    title: "ms an image",
    words: time,
    better: "least",
    log: true,
    source: "compare",
    read: ({ card }) => measured(card.compare?.sampling.milliseconds),
  },
  {
    id: "evaluations",
    title: "evaluations an image",
    words: many,
    better: "least",
    log: true,
    source: "compare",
    read: ({ card }) => measured(card.compare?.sampling.evaluations),
  },
  {
    id: "precision",
    title: "precision",
    words: share,
    unit: "%",
    better: "most",
    source: "quality",
    read: ofSamples("precision"),
  },
  {
    id: "use",
    title: "classifier from samples",
    words: share,
    unit: "%",
    better: "most",
    source: "quality",
    cannot: noLabel,
    read: ofSamples("use"),
  },
  {
    id: "parameters",
    title: "parameters",
    words: many,
    better: null,
    log: true,
    source: "training",
    read: ({ parameters }) => measured(parameters),
  },
  {
    id: "minutes",
    title: "training, minutes",
    words: (value) => num(value, 0),
    better: null,
    log: true,
    source: "training",
    read: ({ card }) => measured(card.minutes),
  },
];

/** The columns that are shown first; the others come on demand. */
export const FIRST = COLUMNS.slice(0, 6);

export const columnOf = (id) => COLUMNS.find((column) => column.id === id);

/** What a figure may be compared with: those of the same pixels and, of a likelihood, of the same test images. */
export const pixelsOf = ({ pixels, space, n }) =>
  pixels ?? (space && n ? `${space}, ${n.toLocaleString("en")} test images` : space ?? "");

/** The families with a figure in a column by what it was measured on, those of the most families first. */
export function alikeIn(column, families) {
  const measured = families.filter((family) => column.read(family));
  const groups = [...Map.groupBy(measured, (family) => pixelsOf(column.read(family))).values()];
  return groups.sort((a, b) => b.length - a.length);
}

/** Whether the figure of one family is measured to be better than another's. */
function beats(column, one, other) {
  const [first, second] = [one, other].map((family) => column.read(family));
  return Boolean(first && second) && pixelsOf(first) === pixelsOf(second) && isBetter(first, second, column.better);
}

/** The families of which none is measured to be better than another: the best, and all that tie with it. */
export const unbeaten = (column, families) =>
  families.filter((one) => !families.some((other) => beats(column, other, one)));

/** The best in a column: better than another, and none is measured to be better. */
export function bestIn(column, families) {
  if (!column.better) return new Set();
  return new Set(unbeaten(column, families).filter((one) => families.some((other) => beats(column, one, other))));
}
