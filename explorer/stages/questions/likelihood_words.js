/** What the answers of several families say of one picture, with their own numbers. */

import { num, power } from "../kit/shell/format.js";
import { isBetter, isBounded } from "../kit/chart/better.js";
import { surprise } from "./likelihood_group.js";
import { SPACES } from "./spaces.js";

/** e to the power of some nats, as people count. */
const times = (
  nats,
) => (nats < 14 ? Math.round(Math.exp(nats)).toLocaleString("en") : power(10, Math.round(nats / Math.LN10)));

/** An answer as the table has figures. */
const costOf = ({ nats, se, kind, solver }) => ({ value: -nats, se, kind, solver });

/** Two figures about the same pixels: what may be said of their difference. */
function pairWords(first, second) {
  const [a, b] = [first.answer, second.answer];
  const apart = a.nats - b.nats;
  const said = `${first.family.title} gives it ${num(apart, 1)} nats more than ${second.family.title}`;
  if (b.kind === "bound") return `${said} is sure to give, which may give it more: its figure is a bound.`;
  if (isBounded(b)) return `${said}, which may give it more: its figure is an estimate of a bound.`;
  if (!isBetter(costOf(a), costOf(b), "least")) {
    return `${first.family.title} and ${second.family.title} lie too close together to tell.`;
  }
  if (isBounded(a) && a.kind === "estimate") return `${said}, by an estimate: its ODE is solved, and not exactly.`;
  if (a.kind === "estimate" || b.kind === "estimate") {
    return `${said}, by an estimate: its doubt is that of the estimated log Z, which all pictures share.`;
  }
  return a.kind === "exact"
    ? `${said}: ${times(apart)} times the probability.`
    : `${said}, at least: its figure is a bound, the other exact.`;
}

/** One space's sentence: the two likeliest beside each other, or the only one alone. */
function spaceWords(space, rows, name) {
  const [first, second] = [...rows].sort((a, b) => b.answer.nats - a.answer.nats);
  const { kind } = first.answer;
  const bound = { bound: "at most ", estimate: "about " }[kind] ?? "";
  const alone = `Of ${SPACES[space].name.toLowerCase()}, ${name} costs ${first.family.title} ` +
    `${bound}${surprise(first.answer)} nats.`;
  return second ? `${alone} ${pairWords(first, second)}` : alone;
}

/** All of it; `rows` is a list of {family, answer} whose answers are there, `name` what to call the picture. */
export function likelihoodWords(rows, name) {
  const spaces = Object.keys(SPACES).filter((space) => rows.some(({ family }) => family.space === space));
  const sentences = spaces.map((space) => spaceWords(space, rows.filter(({ family }) => family.space === space), name));
  const known = rows[0]?.answer.known ?? null;
  if (known !== null) sentences.push(`By the density that the data were drawn from it costs ${num(-known, 1)} nats.`);
  if (spaces.length > 1) {
    sentences.push(
      "Between black and white and grey nothing can be compared: they are other pictures, and of other " +
        "numbers of pictures.",
    );
  }
  return sentences.join(" ");
}
