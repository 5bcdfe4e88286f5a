/** What a visitor sees of a table and of what follows from it, said with its own numbers. */

import { num } from "../kit/shell/format.js";
import { sum } from "../kit/shell/sums.js";
import { ANIMALS, SIZES } from "./bayes_of.js";

const CANNOT = "cannot";

/** Each question, what p(y | x) alone answers, and what the table does. */
export function askedRows({ px, py, yGivenX }, known, draws) {
  const x = SIZES.indexOf(known);
  const animals = (two) => ANIMALS.map((animal, y) => `${animal} ${num(two[y])}`).join(", ");
  const asked = x < 0
    ? [["y? x is missing", CANNOT, animals(py)]]
    : [[`y? x is ${known}`, animals(yGivenX[x]), animals(yGivenX[x])], [`p(${known})?`, CANNOT, num(px[x])]];
  return [...asked, ["draw three x", CANNOT, draws.map((each) => SIZES[each]).join(", ")]];
}

export function tableRows({ p, px, xGivenY }) {
  const said = (values) => [...values, sum(values)].map((value) => num(value));
  return [
    ...ANIMALS.map((animal, y) => [`p(x, ${animal})`, ...said(p.map((row) => row[y]))]),
    ["p(x)", ...said(px)],
    ...ANIMALS.map((animal, y) => [`p(x | ${animal})`, ...said(xGivenY[y])]),
  ];
}

export function bayesWords({ px, py, yGivenX, xGivenY }, known) {
  const x = SIZES.indexOf(known);
  if (x < 0) {
    return `Nothing is known of x. The table sums over it: p(cat) = ${
      num(py[0])
    }. p(y | x) alone cannot, since it does ` +
      "not say how often each x comes.";
  }
  const bayes = `${num(xGivenY[0][x])} · ${num(py[0])} ÷ ${num(px[x])} = ${num(yGivenX[x][0])}`;
  return `By Bayes' rule p(cat | ${known}) = p(${known} | cat) p(cat) ÷ p(${known}) = ${bayes}. A discriminative model ` +
    `says that number too, and nothing else: neither that ${known} comes with ${num(px[x])}, nor what to draw.`;
}
