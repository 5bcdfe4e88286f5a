/** What bounds by many draws say, in words that follow from their numbers. */

import { find } from "../kit/shell/card.js";
import { num } from "../kit/shell/format.js";

const SHOWN = [1, 5, 50, 500, 5000];

/** The range of a chart of estimates with their errors, and round values in it. */
export function rangeOf(rows) {
  const ends = rows.flatMap(({ value, se }) => [value - 2 * se, value + 2 * se]);
  const margin = 0.05 * (Math.max(...ends) - Math.min(...ends)) + 0.1;
  const [low, high] = [Math.min(...ends) - margin, Math.max(...ends) + margin];
  const size = [0.5, 1, 2, 5, 10, 20, 50, 100].find((each) => (high - low) / each <= 5) ?? 200;
  const first = Math.ceil(low / size);
  const ticks = Array.from({ length: Math.floor(high / size) - first + 1 }, (_, k) => (first + k) * size);
  return { low, high, ticks };
}

const told = (row) => (row ? `${num(row.value, 1)}${row.se ? ` ± ${num(row.se, 1)}` : ""}` : "–");

/** The table: this picture's figures, and the means over test images that the card has. */
export function cardRows({ iwae, naive }, rows) {
  const of = (list, k) => list.find((row) => row.k === k);
  const head = ["k", ...SHOWN.map((k) => k.toLocaleString("en"))];
  const test = (name) => SHOWN.map((k) => told(find(rows, name, { k })));
  return {
    head,
    rows: [
      ["this picture, encoder", ...SHOWN.map((k) => told(of(iwae, k)))],
      ["this picture, prior", ...SHOWN.map((k) => told(of(naive, k)))],
      ["test images, encoder", ...test("iwae")],
      ["test images, prior", ...test("naive")],
    ],
  };
}

/** The sentences. */
export function iwaeWords({ iwae, naive, effective, largest }, rows) {
  const [elbo, best, plain] = [iwae[0], iwae.at(-1), naive.at(-1)];
  const gain = best.value - elbo.value;
  const bound = `The ELBO, the mean of ${elbo.groups.toLocaleString("en")} single draws, is ${num(elbo.value, 2)} ± ${
    num(elbo.se, 2)
  } nats. ${best.k.toLocaleString("en")} draws at once raise the bound by ${num(gain, 2)} to ${num(best.value, 2)} ± ${
    num(best.se, 2)
  }.`;
  const weights = `Their weights are worth ${num(effective, 0)} equal ones; the largest has ${
    num(100 * largest, 1)
  } % of the sum.`;
  const short = best.value - plain.value;
  const failing = short > 3 * Math.hypot(best.se, plain.se) && short > 1
    ? `As many draws from the prior come to ${num(plain.value, 1)}, ${
      num(short, 1)
    } nats less: hardly any falls where ` +
      "this picture's codes lie, and its standard error does not know of those that never came."
    : `As many draws from the prior come to ${num(plain.value, 1)}: for this picture they are enough.`;
  const nll = find(rows, "nll");
  const all = nll ? `On average a test image costs at most ${num(nll.value, 2)} ± ${num(nll.se, 2)} nats.` : "";
  return [bound, weights, failing, all].filter(Boolean).join(" ");
}
