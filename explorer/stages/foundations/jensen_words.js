/** What a visitor sees of Jensen's inequality, said with its own numbers. */

import { num } from "../kit/shell/format.js";

const NONE = 5e-4; // nats that are called no gap

export function jensenRows(found) {
  const said = (key) => num(found?.[key], 3);
  return [
    ["E[x]", said("mean")],
    ["log E[x]", said("above")],
    ["E[log x]", said("below")],
    ["gap: log E[x] − E[log x]", said("gap")],
    ["Var[x] ÷ 2E[x]², its guess", said("guess")],
  ];
}

export function jensenWords({ a, b, w, above, below, gap, guess }) {
  if (gap < NONE) {
    return `log E[x] and E[log x] are both ${num(above, 3)}: x does not vary, so there is no gap. As weights of ` +
      "draws from q: q is the posterior, and the ELBO is log p(x).";
  }
  const close = Math.abs(guess - gap) < 0.1 * gap ? "is close to that" : "is off, as x varies too much for it";
  return `x is ${num(a)} with weight ${num(w)} and ${num(b)} with ${num(1 - w)}. The logarithm of the mean is ` +
    `${num(above, 3)}, the mean of the logarithms ${num(below, 3)}: ${num(gap, 3)} less. The guess by the spread, ` +
    `${num(guess, 3)}, ${close}. If both x were weights p(x, z) ÷ q(z) of two draws, log p(x) would be the first ` +
    "number and the ELBO the second: it can only be below.";
}
