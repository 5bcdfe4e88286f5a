/** What a visitor sees of rounds of reflow, said with their own numbers. */

import { num, percent } from "../kit/shell/format.js";

const counted = (few) => `${few} Euler ${few === 1 ? "step" : "steps"}`;

/** Under the film. */
export const captionOf = (t, few) => `t = ${num(t)}, in ${counted(few)}.`;

const share = (value) => value === undefined ? "–" : percent(value, 1);

/** The numbers under one plane: the card's, of 2,500 draws, for as many steps. */
export const roundRows = (round) => [
  ["energy distance", num(round?.distance, 3)],
  ["off the data", share(round?.off)],
  ["straightness S", num(round?.straightness, 5)],
];

/** What a screen reader says of one plane. */
export const roundWords = (title, t, { distance, off }) =>
  `${title}, at t = ${num(t)}; of 2,500 draws the ends have an energy distance of ${num(distance, 3)} to the data, ` +
  `and ${share(off)} of them lie where no data are.`;

/** Before and after reflow. */
export function reflowWords(rounds, { few, along }) {
  const off = (name) => share(rounds[name].off);
  const far = (name) => num(rounds[name].distance, 3);
  const where = along < 1 ? " The numbers are those of the ends, t = 1." : "";
  const first = few === 1
    ? "In one step all points take the mean velocity of the lines that begin where they are: from independent pairs " +
      "that leads near the middle of the data."
    : `In ${few} steps a bent path is cut short at each corner, a straight one is not.`;
  const ends =
    `After ${counted(few)} ${off("independent")} of the independent field's ends lie where no data are. After ` +
    `one round of reflow it is ${off("reflow-1")}, after two ${off("reflow-2")}, and with minibatch OT ${off("ot")}`;
  const distances = ["independent", "reflow-1", "reflow-2"].map(far).join(", ");
  return `${ends}. ${first} The energy distances to the data are ${distances} and ${far("ot")}. All are of 2,500 ` +
    `draws.${where} Each round learns from the one before, errors included.`;
}
