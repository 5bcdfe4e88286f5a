/** What the rule of a low likelihood says of one picture. */

import { num } from "../kit/shell/format.js";

const NAMES = { mnist: "MNIST", "fashion-mnist": "Fashion-MNIST" };

/** What an unfinished card lacks: null where nothing was measured yet. */
export const measured = (histograms) => (histograms?.edges ? histograms : null);

/** What is odd about a picture under a network of `own`, null where nothing is known to be. */
function oddity(own, { kind, set }) {
  if (set && set !== own) return `though it comes from ${NAMES[set]}`;
  return { blank: "though nothing is on it", noise: "though it is noise" }[kind] ?? null;
}

/** What the rule says of one picture: flagged or not, and where that is known to be wrong. */
export function ruling(own, { threshold }, total, picture) {
  const line = `the threshold of ${num(threshold, 1)}`;
  if (total < threshold) {
    return `below ${line}: flagged${picture.set === own ? `, though it is one of ${NAMES[own]}'s own` : ""}`;
  }
  const odd = oddity(own, picture);
  return `above ${line}: it passes${odd ? `, ${odd}` : ""}`;
}
