/** What a density says and what it does not, in words that follow from the model's numbers. */

import { num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";
import { grouped, signed } from "./nats.js";
import { bitsPerDim, inUnit, ofLevels } from "./units.js";

/** How many units lie between black and white, and what that range is called. */
export const UNITS = [[1, "0 … 1"], [2, "−1 … 1"], [255, "0 … 255"], [256, "0 … 256"]];
const SPACES = { binary: "black and white pixels", levels: "256 levels", plane: "points of the plane" };

const nameOf = (unit) => UNITS.find(([each]) => each === unit)[1];

/** From the density to bits per dimension: [name, value, why]; `density` is that of pixels in [0, 1]. */
export function ladderRows({ mean, se }, unit) {
  const here = inUnit(mean, unit);
  const bound = ofLevels(here, unit);
  const volume = -PIXELS * Math.log(256 / unit);
  const density = `${signed(here)} ± ${num(se, 1)} nats`;
  return [
    [`log p(x), ${nameOf(unit)}`, density, "a density: of the unit, and no probability"],
    [`− 784 · ln (256 / ${unit})`, `${signed(volume)} nats`, "the volume of a cell of levels, in this unit"],
    ["log P(levels)", `≥ ${signed(bound)} nats`, "a bound: the mean over the cell of log p, not the log of the mean"],
    ["per pixel", `≤ ${num(bitsPerDim(bound), 3)} bits/dim`, "÷ (784 · ln 2): the same in every unit"],
  ];
}

/** What a network says of the picture that may not stand beside the flow, or why it says nothing. */
export function otherWords({ kind, space, why, answer }) {
  if (!kind) return `cannot, because ${why}.`;
  const said = answer ? `${kind === "bound" ? "at least " : ""}${signed(answer.nats)} nats` : "…";
  return `${said} of ${SPACES[space]}`;
}

/** Why they may not. */
export const MAY_NOT =
  "There are 2⁷⁸⁴ pictures of black and white pixels and 256⁷⁸⁴ of levels: a probability that is " +
  "shared by far fewer of them is another one.";

/** The sentences; `rows` are the other networks with their answers. */
export function fifthWords({ density: { mean }, unit, rows, name }) {
  const first = `In ${nameOf(unit)}, the log-density of ${name}, is ${signed(inUnit(mean, unit))} nats.`;
  const less = grouped(PIXELS * Math.log(unit === 1 ? 255 : unit));
  const change = unit === 1
    ? `In 0 … 255 it would be ${signed(inUnit(mean, 255))}: ${less} less, with the same model of the same image.`
    : `In 0 … 1 it is ${signed(mean)}: nothing has changed but the unit, by 784 · ln ${unit} = ${less} nats.`;
  const bound = ofLevels(mean, 1);
  const bits = num(bitsPerDim(bound), 3);
  const stays = `What stays is the probability of its levels, ${
    signed(bound)
  } nats at least: ${bits} bits/dim at most.`;
  const binary = rows.find(({ answer, comparable }) => answer && !comparable);
  if (!binary) return `${first} ${change} ${stays}`;
  const { title, answer, space } = binary;
  return `${first} ${change} ${stays} The ${title}'s ${signed(answer.nats)} is about ${
    SPACES[space]
  }: it does not say ` +
    "which is better.";
}
