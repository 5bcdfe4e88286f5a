/** What the answers of several families say of one picture, with their own numbers. */

import { num } from "../shared/format.js";
import { surprise } from "./likelihood_group.js";
import { SPACES } from "./spaces.js";

const SURE = 2; // standard errors

/** e to the power of some nats, as people count. */
const times = (nats) => (nats < 14 ? Math.round(Math.exp(nats)).toLocaleString("en") : `10^${num(nats / Math.LN10, 0)}`);

/** Two figures about the same pixels: what may be said of their difference. */
function pairWords(first, second) {
  const [a, b] = [first.answer, second.answer];
  const apart = a.nats - b.nats;
  const doubt = SURE * Math.hypot(a.se ?? 0, b.se ?? 0);
  if (apart <= doubt) return `${first.family.title} and ${second.family.title} lie too close together to tell.`;
  const said = `${first.family.title} gives it ${num(apart, 1)} nats more than ${second.family.title}`;
  if (b.kind === "exact") return a.kind === "exact" ? `${said}: ${times(apart)} times the probability.` : `${said}, at least: its figure is a bound, the other exact.`;
  return `${said} is sure to give: a bound lies below the true log p(x), by how much it does not say.`;
}

/** One space's sentence: the two likeliest beside each other, or the only one alone. */
function spaceWords(space, rows, name) {
  const [first, second] = [...rows].sort((a, b) => b.answer.nats - a.answer.nats);
  const { kind } = first.answer;
  const bound = kind === "bound" ? "at most " : "";
  const alone = `Of ${SPACES[space].name.toLowerCase()}, ${name} costs ${first.family.title} ${bound}${surprise(first.answer)} nats.`;
  return second ? `${alone} ${pairWords(first, second)}` : alone;
}

/** All of it; `rows` is a list of {family, answer} whose answers are there, `name` what to call the picture. */
export function likelyWords(rows, name) {
  const spaces = Object.keys(SPACES).filter((space) => rows.some(({ family }) => family.space === space));
  const sentences = spaces.map((space) => spaceWords(space, rows.filter(({ family }) => family.space === space), name));
  if (spaces.length > 1) sentences.push("Between black and white and grey nothing can be compared: they are other pictures, and of other numbers of pictures.");
  return sentences.join(" ");
}
