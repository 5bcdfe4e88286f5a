/** What is seen of the samplers, said with the numbers measured on the rows. */

import { num } from "../kit/shell/format.js";
import { apart, spread } from "../kit/film/strip.js";

export const COUNT = 4;
/** The steps of the row from which the others are measured. */
const REFERENCE = 100;

/** In how many steps a sampler evaluates the network so often, or a little less. */
export const stepsFor = ({ each, last }, evaluations) =>
  Math.max(0, Math.floor((evaluations - last) / each + 1e-9)) + 1;

/**
 * How far the rows are apart while the clock shows t, once the hundred steps of DDIM are there; before, none.
 * `found(sampler, steps)` is what is known of a finished row, or null.
 */
export function onTheWayWords(found, t) {
  const [few, many, reference] = [5, 50, REFERENCE].map((steps) => found("ddim", steps));
  if (!reference) return "";
  const others = num(spread(reference.x, COUNT));
  return `At t = ${t.toLocaleString("en")} DDIM's row of 5 steps is ${num(few.distance)} (L2) away from ` +
    `its hundred-step row, that of 50 steps ${num(many.distance)}; two images of the hundred-step ` +
    `row lie ${others} apart.`;
}

const NOTES = {
  ddpm: "new noise at every step.",
  heun: "two slopes a step, and their mean.",
  dpm: "a line through its last two guesses.",
  sde: "plain Euler steps, with noise.",
  pc: "a step of DDPM, then one of Langevin.",
  langevin: "four steps of Langevin a level.",
};

/** What a sampler does, above its rows. */
export function headOf(name, title, eta) {
  if (name === "ddim") return `DDIM, η = ${eta.toFixed(2)}: ${eta === 0 ? "no noise added" : "some noise added"}.`;
  return `${title}: ${NOTES[name]}`;
}

const isFixed = ({ name, noisy }, eta) => !noisy && (name !== "ddim" || eta === 0);

/** What is seen of any two samplers, {name, title, few, many}, once the shortest and the longest rows are there. */
export function pairWords(sides, eta) {
  const there = sides.filter(({ few, many }) => few && many);
  if (there.length < sides.length) return "";
  const told = there.map(({ title, few, many }) =>
    `${title}'s ${few.evaluations} evaluations end ${num(few.distance)} (L2) from its ${many.evaluations}`
  );
  const [one, other] = there;
  const others = num(spread(one.many.x, COUNT));
  const between = num(apart(one.many.x, other.many.x, COUNT));
  const fixed = there.filter((side) => isFixed(side, eta)).length;
  const why = fixed === 2
    ? "Both solve one equation without noise, so more evaluations draw them together"
    : fixed === 1
    ? `${there.find((side) => !isFixed(side, eta)).title} adds noise on the way, so it goes elsewhere`
    : "Both add noise on the way, each its own, so neither is drawn to the other";
  return `${told.join("; ")}. ${why}: the longest rows are ${between} apart, two images ${others}.`;
}

/** How far two samplers' longest rows are apart while the clock shows t. */
export function pairOnTheWayWords([one, other], t) {
  if (!one.many || !other.many) return "";
  const between = num(apart(one.many.x, other.many.x, COUNT));
  return `At t = ${
    t.toLocaleString("en")
  } the longest rows of ${one.title} and ${other.title} lie ${between} (L2) apart.`;
}

/** Two or three sentences once both hundred-step rows are there; before, none. */
export function samplerWords(found, eta) {
  const [ddim, ddpm] = ["ddim", "ddpm"].map((sampler) => found(sampler, REFERENCE));
  if (!ddim || !ddpm) return "";
  const others = num(spread(ddim.x, COUNT));
  const [few, many] = [5, 50].map((steps) => num(found("ddim", steps)?.distance));
  const path = eta === 0
    ? "Without noise more steps follow the same path more closely"
    : `With η = ${num(eta)} DDIM adds noise on the way`;
  const cost = num(ddim.seconds / Math.max(1e-3, found("ddim", 5)?.seconds ?? 0), 0);
  return (
    `${path}: 5 steps end ${few} (L2) from the row of 100, 50 steps ${many}. ` +
    `Two images of that row lie ${others} apart. ` +
    `DDPM adds noise at every step: its row of 50 ends ${num(found("ddpm", 50)?.distance)} from ` +
    "its row of 100. " +
    `A hundred steps took ${cost} times as long as five.`
  );
}
