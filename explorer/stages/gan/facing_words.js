/** What is said of a generator that stands still before discriminators that are trained further. */

import { brief, num, percent } from "../kit/shell/format.js";

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "Wasserstein" };

/** A name within a sentence: that of a person stays as it is. */
const spoken = (loss) => (loss === "wgan-gp" ? NAMES[loss] : NAMES[loss].toLowerCase());

/** A norm as short as it can be read. */
const short = (value) => (value === 0 ? "0" : value < 0.001 ? brief(value) : num(value, value < 0.1 ? 4 : 3));

/** One frame, in a caption. */
export const stepWords = ({ step, accuracy }) => `${step.toLocaleString("en")} steps of D, ${percent(accuracy)} right.`;

const change = (
  now,
  then,
) => (now < then ? `${short(now / then)} of what it was` : `${num(now / then, 1)} times what it was`);

/** What became of the three gradients since the first frame. */
export function facingSeen(frame, first) {
  if (frame.step === 0) {
    return "No step yet: both discriminators are as new. Play, and watch the generator's gradient while " +
      "they learn.";
  }
  const told = Object.keys(NAMES).map((loss) =>
    `${spoken(loss)} ${short(frame.norms[loss])}, ${change(frame.norms[loss], first.norms[loss])}`
  );
  return `After ${frame.step.toLocaleString("en")} steps D is right about ${percent(frame.accuracy)} of ` +
    `the points. The norm of the generator's gradient by loss: ${told.join("; ")}.`;
}

export const facingRows = (frame) => [
  ["steps of D", frame ? frame.step.toLocaleString("en") : "–"],
  ...Object.keys(NAMES).map((loss) => [`gradient, ${spoken(loss)}`, frame ? short(frame.norms[loss]) : "–"]),
  ["D is right about", frame ? percent(frame.accuracy) : "–"],
  ["critic: data − generated", num(frame?.apart, 3)],
];
