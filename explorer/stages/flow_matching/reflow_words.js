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
