/** What the histograms of oddness show, in words that follow from the card's numbers alone. */

import { capital, listed, num, percent } from "../kit/shell/format.js";

const APART = 0.9;
const SURE = 2; // standard errors

const SETS = {
  mnist: "MNIST's test images",
  "fashion-mnist": "Fashion-MNIST's test images",
  moons: "test points of the moons",
  rings: "test points of the rings",
  "eight-gaussians": "test points of the eight Gaussians",
};
/** On the button, and in a sentence. */
const KINDS = {
  mnist: ["MNIST", SETS.mnist],
  "fashion-mnist": ["Fashion", SETS["fashion-mnist"]],
  moons: ["Moons", SETS.moons],
  rings: ["Rings", SETS.rings],
  "eight-gaussians": ["Eight Gaussians", SETS["eight-gaussians"]],
  noise: ["Noise", "pictures of noise"],
  blank: ["Blank", "blank pages"],
  rotated: ["Turned", "test images turned by 90°"],
  inverted: ["Inverted", "inverted test images"],
};

export const kindTitle = (kind) => KINDS[kind][0];
export const kindName = (kind) => KINDS[kind][1];

/** Whether the family takes the kind for its own: fails, is unsure, or tells it apart. */
function outcome({ auroc, se }) {
  if (auroc + SURE * se < 0.5) return "fails";
  return auroc < APART ? "unsure" : "apart";
}

/** The means of both, for whoever cannot see the chart. */
export const sign = ({ own, kinds }, kind, dataset) =>
  `On average ${SETS[dataset]} ${num(own.mean, 1)}, ${kindName(kind)} ${num(kinds[kind].mean, 1)}.`;

/** One family and one kind: who is odder, and what a threshold would do. */
export function verdict({ kinds }, kind, dataset) {
  const { auroc, flagged, n } = kinds[kind];
  const threshold = n === 1
    ? `A threshold that gives up 1 % of its own ${flagged > 0 ? "flags" : "misses"} them.`
    : `A threshold that gives up 1 % of its own flags ${percent(flagged, 1)}.`;
  const what = {
    fails: `Fails: ${kindName(kind)} are less odd to it than ${SETS[dataset]} in ${percent(1 - auroc, 1)} ` +
      "of pairs.",
    unsure: `Tells ${kindName(kind)} apart badly: odder in ${percent(auroc, 1)} of pairs.`,
    apart: `Tells ${kindName(kind)} apart: odder in ${percent(auroc, 1)} of pairs.`,
  };
  return `${what[outcome(kinds[kind])]} ${threshold}`;
}

/** All measured families and one kind, and which kinds fool each: `families` have a card with `odd`. */
export function anomalyWords(families, kind) {
  if (!families.length) return "Nothing is measured yet.";
  const of = (name) =>
    families.filter(({ card }) => outcome(card.compare.odd.kinds[kind]) === name).map(({ title }) => title);
  const [fails, unsure] = [of("fails"), of("unsure")];
  const failing = fails.length
    ? `${listed(fails)} ${fails.length > 1 ? "find" : "finds"} ${kindName(kind)} less odd than what ` +
      `${fails.length > 1 ? "they" : "it"} learnt from: to look ordinary is no sign of belonging.`
    : "";
  const doubting = unsure.length ? `${listed(unsure)} cannot reliably tell ${kindName(kind)} apart.` : "";
  const fine = fails.length + unsure.length === 0
    ? `Every family that was measured tells ${kindName(kind)} apart.`
    : "";
  return [failing, doubting, fine, ...(kind === "blank" ? families.map(exactly) : [])].filter(Boolean).join(" ");
}

/** How likely a blank page is exactly, where the family's score is of a bound and the truth was measured. */
function exactly({ card, title }) {
  const likelier = card.nll?.gap?.likelier;
  if (!likelier) return "";
  return `The ${title} is asked for its bound: exactly, a blank page is likelier to it than ` +
    `${percent(likelier.value, 1)} (± ${percent(likelier.se, 1)}) of ${likelier.n} test digits.`;
}

/** What each family says of the visitor's picture: `rows` is a list of {family, score}. */
export function pictureWords(rows, name) {
  const flagged = rows.filter(({ family, score }) => score > family.card.compare.odd.threshold).map(({ family }) =>
    family.title
  );
  if (!rows.length) return "";
  if (!flagged.length) return `No family flags ${name}.`;
  return `${capital(name)} is flagged by ${listed(flagged)}${flagged.length < rows.length ? " alone" : ""}.`;
}
