/** Where a figure of the table comes from, in words that its card supports. */

import { num } from "../shared/format.js";
import { judged } from "./columns.js";
import { SPACES } from "./spaces.js";

/** The circumstances of a part of a card. */
const made = ({ command, date, torch, device }) => [command, date, torch && `torch ${torch}`, device].filter(Boolean).join(" · ");

const range = ({ low, high }, words) => (low !== undefined && low !== high ? ` (${words(low)} to ${words(high)} over the seeds)` : "");

function ofQuality({ card, family, net }, figure, column) {
  const { way, floor, binarised } = judged({ card, family, net });
  const { n, classifier } = card.quality;
  const beside = column.id in floor && column.id !== "frechet" ? `; training images reach ${column.words(floor[column.id])}` : "";
  const how = binarised ? ", everything in black and white" : "";
  return `${range(figure, column.words)} from ${n.toLocaleString("en")} images (${way})${how}, in the features of ${classifier}${beside}. ${made(card.quality)}.`;
}

function ofLikelihood({ net, space }, { kind, se, n }) {
  const what = kind === "exact" ? "exact" : "a bound: the truth is no higher";
  return `${se ? ` ± ${num(se, 2)}` : ""}, ${what}, the mean of ${n.toLocaleString("en")} test images of ${SPACES[space].name.toLowerCase()}. python -m explorer.evaluate ${net}.`;
}

function ofSampling({ card }) {
  const { n, runs, steps } = card.compare.sampling;
  return ` when ${n} images are drawn at once in ${steps.toLocaleString("en")} ${steps === 1 ? "step" : "steps"}, the median of ${runs} runs on ${card.compare.threads} ${card.compare.threads === 1 ? "thread" : "threads"}. ${made(card.compare)}.`;
}

const ofTraining = ({ net, card }) => ` (trained on ${card.device}). python -m explorer.train ${net}.`;

const SOURCES = { quality: ofQuality, likelihood: ofLikelihood, compare: ofSampling, training: ofTraining };

/** The figure of a family in a column, what it was measured on, and with which command; or why there is none. */
export function provenance(family, column) {
  const figure = column.read(family);
  const name = `${family.title}, ${column.title}`;
  if (figure) return `${name}: ${column.words(figure.value)}${SOURCES[column.source](family, figure, column)}`;
  const why = column.cannot?.(family);
  if (why) return `${name}: cannot, because ${why}.`;
  return `${name}: ${family.error ?? "not measured yet."}`;
}
