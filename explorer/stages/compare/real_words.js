/** Words of the rounds: the question, the answer, and how often this visitor was fooled. */

import { percent } from "../kit/base/format.js";
import { NOTHING } from "../kit/panel/more.js";
import { withArticle } from "../kit/panel/parts.js";
import { wilson } from "./interval.js";

/** Before the answer. */
export function asking(round, rounds, ready) {
  const where = `Round ${round + 1} of ${rounds}.`;
  return ready ? `${where} Which one is real?` : `${where} An image is being drawn…`;
}

/** After it; `title` is the family that made the other one, `name` the class of the real one. */
export function answered({ right, title, real, name }) {
  const one = name === undefined ? "a test image" : withArticle(name);
  const maker = `the other was made by ${title}`;
  return right
    ? `Right: this is test image ${real}, ${one}; ${maker}.`
    : `Wrong: the real one is test image ${real}, ${one}; ${maker}, and you took it for real.`;
}

const total = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0);

/** The family that fooled most, where that can be told from the next; else how little can be. */
function most(rows) {
  const seen = rows.filter(({ n }) => n > 0).map((row) => ({ ...row, interval: wilson(row.wrong, row.n) }));
  if (seen.length < 2) return "";
  if (seen.every(({ wrong }) => wrong === 0)) return "No family has fooled you yet.";
  const [first, ...others] = [...seen].sort((a, b) => b.wrong / b.n - a.wrong / a.n);
  const [low, high] = first.interval;
  if (others.every(({ interval }) => interval[1] < low)) {
    return `${first.title} fooled you most, in ${first.wrong} of ${first.n} rounds.`;
  }
  return `With so few rounds nobody can say which family fools you most: for ${first.title}, with ` +
    `${first.wrong} of ${first.n}, anything from ${percent(low)} to ${percent(high)} is credible.`;
}

/** The share of wrong answers as the row of a headline. */
export function rateOf(rows) {
  const [n, wrong] = [total(rows, "n"), total(rows, "wrong")];
  return [["your error rate", n ? percent(wrong / n) : NOTHING, `of ${n}; guessing: 50 %`]];
}

/** All answers so far, in words; `rows` is a list of {title, n, wrong}. */
export function summary(rows, over) {
  const [n, wrong] = [total(rows, "n"), total(rows, "wrong")];
  if (n === 0) {
    return "Guessing gives an error rate of 50 %: then nobody can distinguish the images. Real and " +
      "generated images are both black and white here, so that grey levels reveal nothing.";
  }
  const [low, high] = wilson(wrong, n);
  const verdict = low > 0.5
    ? "worse than guessing"
    : high < 0.5
    ? "better than guessing, so something gives the networks away"
    : "which guessing could give, too";
  const rounds = n === 1 ? "1 round" : `${n} rounds`;
  const all = `You were wrong in ${wrong} of ${rounds}, ${percent(wrong / n)} (95 % interval ${percent(low)} ` +
    `to ${percent(high)}): ${verdict}.`;
  return [all, most(rows), over ? "The twenty are done; another seed gives another twenty." : ""].filter(Boolean).join(
    " ",
  );
}
