/** Where a figure of the table comes from, in words that its card supports. */

import { listed, num, percent } from "../kit/shell/format.js";
import { judged } from "./columns.js";
import { SPACES } from "../questions/spaces.js";

/** The circumstances of a part of a card. */
const made = ({ command, date, torch, device }) =>
  [command, date, torch && `torch ${torch}`, device].filter(Boolean).join(" · ");

const range = (
  { low, high },
  words,
) => (low !== undefined && low !== high ? ` (${words(low)} to ${words(high)} over the seeds)` : "");

/** How the figure of samples was judged, what real images reach, and why those of other pixels differ. */
function ofQuality(family, figure, column) {
  const { quality } = family.card;
  const { floor } = judged(family).find(({ pixels }) => pixels === figure.pixels);
  const drawn = figure.setting
    ? `${figure.n.toLocaleString("en")} images at ${figure.setting}`
    : `${quality.n.toLocaleString("en")} images (${figure.way})`;
  const beside = column.id in floor && column.id !== "frechet"
    ? `; training images reach ${column.words(floor[column.id])}`
    : "";
  const trust = floor.accuracy === undefined
    ? ""
    : ` (so judged, it is right on ${percent(floor.accuracy, 1)} of real training images)`;
  const varied = figure.diversity === undefined
    ? ""
    : ` Its images of a class vary ${num(figure.diversity)} times as much as real ones.`;
  const others = figure.others.map((other) =>
    ` Judged ${other.pixels}${other.pixels === "grey" ? ", as its own tab quotes it" : ""}, it is ` +
    `${column.words(other.value)}: other images, other real ones beside them, and another accuracy ` +
    "of the classifier."
  );
  const source = figure.setting ? `python -m explorer.evaluate ${family.net}` : made(quality);
  return `${range(figure, column.words)} from ${drawn}, judged ${figure.pixels} by ` +
    `${quality.classifier}${trust}${beside}.${varied}${others.join("")} ${source}.`;
}

const KINDS = {
  exact: "exact",
  bound: "a bound: the truth is no higher",
  estimate: "an estimate: its log Z is estimated, and the doubt of that is in the standard error",
};

/** Errors of a likelihood by an ODE, and the difference of other families on the same images. */
function ofOde({ solver, probes, beside = [] }) {
  const pairs = beside.map(({ title, paired, se }) =>
    `${title}'s is ${num(Math.abs(paired), 1)} ± ${num(se, 1)} nats ${paired > 0 ? "lower" : "higher"}`
  );
  const errors = `the error of the ODE's solver is about ${num(solver, 2)} nats, its probes' standard error ${
    num(probes, 2)
  }`;
  return `an estimate of a bound: ${errors}${pairs.length ? `. Image by image ${listed(pairs)}` : ""}`;
}

function ofLikelihood({ net, space, card: { published } }, figure) {
  const { kind, se, n, solver } = figure;
  const what = Number.isFinite(solver) ? ofOde(figure) : KINDS[kind];
  const others = published ? ` Others published ${num(published.value, 2)} nats, of ${published.source}.` : "";
  return `${se ? ` ± ${num(se, 2)}` : ""}, the mean of ${n.toLocaleString("en")} test images of ` +
    `${SPACES[space].name.toLowerCase()}, ${what}.${others} python -m explorer.evaluate ${net}.`;
}

function ofSampling({ card }) {
  const { n, runs, steps } = card.compare.sampling;
  return ` when ${n} images are drawn at once in ${steps.toLocaleString("en")} ` +
    `${steps === 1 ? "step" : "steps"}, the median of ${runs} runs on ${card.compare.threads} ` +
    `${card.compare.threads === 1 ? "thread" : "threads"}. ${made(card.compare)}.`;
}

const ofTraining = ({ net, card }) =>
  card.device ? ` (trained on ${card.device}). python -m explorer.train ${net}.` : ", as its network has.";

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
