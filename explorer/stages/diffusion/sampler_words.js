/** What is seen of the samplers, said with the numbers measured on the rows. */

import { num } from "../kit/format.js";
import { spread } from "../kit/strip.js";
import { COUNT, REFERENCE, ROWS } from "./sampler_rows.js";

/** The entry of a row in a list that runs as the rows do. */
const of = (list, sampler, steps) => list[ROWS.findIndex((row) => row[0] === sampler && row[1] === steps)];

/** How far the rows are apart while the clock shows t, once the hundred steps of DDIM are there; before, none. */
export function onTheWayWords(found, t) {
  const [few, many, reference] = [5, 50, REFERENCE].map((steps) => of(found, "ddim", steps));
  if (!reference) return "";
  const others = num(spread(reference.final, COUNT));
  return `At t = ${t.toLocaleString("en")} DDIM's row of 5 steps is ${num(few.distance)} (L2) away from ` +
    `its hundred-step row, that of 50 steps ${num(many.distance)}; two images of the hundred-step ` +
    `row lie ${others} apart.`;
}

/** Two or three sentences once both hundred-step rows are there; before, none. */
export function samplerWords(found, eta) {
  const [ddim, ddpm] = ["ddim", "ddpm"].map((sampler) => of(found, sampler, REFERENCE));
  if (!ddim || !ddpm) return "";
  const others = num(spread(ddim.final, COUNT));
  const [few, many] = [5, 50].map((steps) => num(of(found, "ddim", steps)?.distance));
  const path = eta === 0
    ? "DDIM adds no noise, so x₁₀₀₀ decides the image and more steps only follow the same path more closely"
    : `With η = ${num(eta)} DDIM adds noise on the way, so x₁₀₀₀ decides less of the image`;
  const cost = num(ddim.seconds / Math.max(1e-3, of(found, "ddim", 5)?.seconds ?? 0), 0);
  return (
    `${path}: 5 steps end ${few} (L2) from the hundred-step row, 50 steps ${many}; two different ` +
    `images of that row lie ${others} apart. ` +
    `DDPM adds noise at every step: its row of 50 ends ${num(of(found, "ddpm", 50)?.distance)} from ` +
    "its row of 100. " +
    `A hundred steps took ${cost} times as long as five.`
  );
}
