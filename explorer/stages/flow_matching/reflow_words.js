/** What a visitor sees of rounds of reflow, said with their own numbers. */

import { num, percent } from "../kit/format.js";

const counted = (few) => `${few} Euler ${few === 1 ? "step" : "steps"}`;

/** Under the film. */
export const captionOf = (t, few) => `t = ${num(t)}, in ${counted(few)} from noise to data.`;

/** The numbers under one plane. */
export const roundRows = (round) => [
  ["energy distance", num(round?.distance, 3)],
  ["off the data", round ? percent(round.off, 1) : "–"],
  ["straightness S", num(round?.measured?.straightness, 3)],
];

/** What a screen reader says of one plane. */
export const roundWords = (title, t, { distance, off }) =>
  `${title}, at t = ${num(t)}; the ends have an energy distance of ${num(distance, 3)} to the data, and ` +
  `${percent(off, 1)} of them lie where no data are.`;

/** Before and after reflow. */
export function reflowWords(rounds, { few, along }) {
  const off = (name) => percent(rounds[name].off, 1);
  const far = (name) => num(rounds[name].distance, 3);
  const where = along < 1 ? " The numbers are those of the ends, t = 1." : "";
  const first = few === 1
    ? "In one step all points take the mean velocity of the lines that begin where they are: from independent pairs " +
      "that leads near the middle of the data."
    : `In ${few} steps a bent path is cut short at each corner, a straight one is not.`;
  return `${first} After ${counted(few)} ${
    off("independent")
  } of the ends of the independent field lie where no data ` +
    `are, ${off("reflow-1")} after one round of reflow, ${off("reflow-2")} after two, and ${
      off("ot")
    } with minibatch ` +
    `OT; the energy distances to the data are ${far("independent")}, ${far("reflow-1")}, ${far("reflow-2")} and ` +
    `${far("ot")}.${where} Each round learns from the one before, errors included.`;
}
