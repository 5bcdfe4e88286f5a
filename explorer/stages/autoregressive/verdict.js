/** What the measured histograms of a network show, in words that follow from the numbers alone. */

import { num, percent } from "../kit/shell/format.js";
import { share } from "./distribution.js";

const EVEN = 0.5;
const NAMES = { mnist: "MNIST", "fashion-mnist": "Fashion-MNIST", noise: "noise", blank: "the blank page" };

/** What an unfinished card lacks: null where nothing was measured yet. */
export const measured = (histograms) => (histograms?.edges ? histograms : null);

/** Whom the one-sided rule flags, and whom it lets pass. */
function rule(own, { threshold, sets }) {
  const others = Object.keys(sets).filter((name) => name !== own && name !== "blank");
  const shares = others.map((name) => `${percent(sets[name].flagged, 1)} of ${NAMES[name]}`).join(" and ");
  const blank = sets.blank.flagged > 0 ? "and flags the blank page too" : "but lets the blank page pass";
  return `A rule that flags what is less likely than 99 % of ${NAMES[own]}'s test images (log p below ` +
    `${num(threshold, 1)} nats) flags ${shares}, ${blank}.`;
}

/** One way round: is the other set less likely than the network's own? */
function direction(own, name, { auroc, flagged }) {
  const pairs = (part) => `in ${percent(part, 1)} of pairs`;
  if (auroc < EVEN) {
    const missed = `${percent(1 - flagged, 1)} of ${NAMES[name]} would pass`;
    return `Here likelihood fails: ${NAMES[name]}, which this network never saw, is more likely than ` +
      `${NAMES[own]} ${pairs(1 - auroc)} (AUROC ${share(auroc)}), and ${missed}.`;
  }
  return `An image of ${NAMES[own]} is more likely than one of ${NAMES[name]} ${pairs(auroc)} (AUROC ` +
    `${share(auroc)}).`;
}

/** The blank page against the network's own test images. */
function blankPage(own, { value, auroc }) {
  if (auroc >= EVEN) {
    return `The blank page, at ${num(value, 1)} nats, is less likely than ${percent(auroc, 1)} of ` +
      `${NAMES[own]}'s test images.`;
  }
  return (
    `The blank page, at ${num(value, 1)} nats, is more likely than ${percent(1 - auroc, 1)} of ` +
    `${NAMES[own]}'s test images, and looks like none of them: the most likely image is not typical.`
  );
}

/** Sentences about one network, `own` being its data set. */
export function verdict(own, histograms) {
  const other = Object.keys(NAMES).find((name) => name !== own && name in histograms.sets);
  return [rule(own, histograms), direction(own, other, histograms.sets[other]), blankPage(own, histograms.sets.blank)]
    .join(" ");
}

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
