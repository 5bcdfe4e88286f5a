/** What a visitor sees of an energy of images and of the chains that go down it, said with their own numbers. */

import { find } from "../kit/shell/card.js";
import { num, power } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

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

/** How far the chains of the card are from drawing digits: a two-sample test, and chains that were begun at digits. */
export function drawnWords(rows) {
  const ends = (rows ?? []).filter(({ name, of }) => name === "ks" && of === "chains from noise");
  const drifts = (rows ?? []).filter(({ name, of }) => name === "drift" && of === "chains from digits");
  if (ends.length < 2 || !drifts.length) return "";
  const [usual, long] = ends;
  const floor = find(rows, "ks", { of: "training images" });
  const drift = drifts.at(-1);
  const changed = `${drift.value < 0 ? "fallen" : "risen"} by ${num(Math.abs(drift.value), 0)} nats`;
  return `This energy is weak: its chains do not draw digits. The energies of ${usual.n} chains from noise have a ` +
    `Kolmogorov–Smirnov distance of ${num(usual.value)} from those of digits after ${whole(usual.steps)} steps, and ` +
    `of ${num(long.value)} after ${whole(long.steps)}; training images have ${num(floor.value)}. Chains begun at ` +
    `digits should keep their energy, and after ${whole(drift.steps)} steps it has ${changed}.`;
}

/** Of the chains. */
export function chainWords(film, frame, { begin, stride }) {
  const start = begin === "noise" ? "noise" : "the picture";
  const { energy, slope } = frame.numbers;
  const first = mean(film.frames[0].numbers.energy);
  if (frame.index === 0) return `Four chains begin with ${start}, at an energy of ${num(first, 0)} nats.`;
  const usual = stride === 1 ? "" : `, each ${num(stride, 1)} times as large as in training,`;
  return `After ${whole(frame.index)} Langevin steps${usual} from ${start} the mean energy is ${
    num(mean(energy), 0)
  } nats. ` +
    `It began at ${num(first, 0)}. The mean gradient is ${num(mean(slope), 0)} nats long.`;
}

export const captionOf = (_, { index, numbers }) =>
  index === 0 ? "The beginning" : `energy ${numbers.energy.map((value) => num(value, 0)).join(", ")} nats`;
