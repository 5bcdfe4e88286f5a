/** What a visitor sees of an energy of images and of the chains that go down it, said with their own numbers. */

import { find } from "../kit/card.js";
import { num, percent, power } from "../kit/format.js";

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const whole = (value) => value.toLocaleString("en");

/** e to the power of some nats, as people count. */
const times = (nats) => (nats < 14 ? whole(Math.round(Math.exp(nats))) : power(10, Math.round(nats / Math.LN10)));

/** The difference of two energies: an exact log-ratio. */
export function ratioWords([mine, other], name) {
  const apart = other - mine;
  const beside = "the digit beside it";
  const [more, less] = apart >= 0 ? [name, beside] : [beside, name];
  const said = `The energies are ${num(mine, 1)} and ${num(other, 1)} nats.`;
  if (Math.abs(apart) < 0.7) return `${said} By this energy both are about as likely.`;
  return `${said} log Z cancels: by this energy ${more} is ${times(Math.abs(apart))} times as likely as ` +
    `${less}, ${num(Math.abs(apart), 1)} nats, exactly.`;
}

/** How many chains of the card come down to the energy of real digits; the classifier is sure of noise, too. */
export function longWords(rows) {
  const reached = (rows ?? []).filter(({ name }) => name === "reached");
  if (reached.length < 2) return "";
  const [usual, long] = reached;
  const noise = find(rows, "sure", { of: "noise" });
  return `Of ${usual.n} chains from noise ${percent(usual.value)} have come as low as 99 % of real digits after ` +
    `${whole(usual.steps)} steps, and ${percent(long.value)} after ${whole(long.steps)}. The classifier is no judge ` +
    `of that: it is sure of a digit in ${percent(noise.value)} of plain noise.`;
}

/** Of the chains. */
export function chainWords(film, frame, { begin, stride }) {
  const start = begin === "noise" ? "noise" : "the picture";
  const { energy, slope } = frame.numbers;
  const first = mean(film.frames[0].numbers.energy);
  if (frame.index === 0) return `Four chains begin with ${start}, at an energy of ${num(first, 0)} nats.`;
  const usual = stride === 1 ? "" : `, each ${num(stride, 1)} times as large as in training,`;
  return `After ${whole(frame.index)} Langevin steps${usual} from ${start} the energy is ${
    num(mean(energy), 0)
  } nats ` +
    `on average, where it began at ${num(first, 0)}. Its gradient is ${num(mean(slope), 0)} nats long.`;
}

export const captionOf = (_, { index, numbers }) =>
  index === 0 ? "The beginning" : `energy ${numbers.energy.map((value) => num(value, 0)).join(", ")} nats`;
