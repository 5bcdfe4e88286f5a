/** Probabilities that add up to one. */

import { sum } from "../kit/base/sums.js";

/** Positive numbers divided by their sum. */
export function shares(values) {
  const total = sum(values);
  return values.map((value) => value / total);
}

/** Shares after one of them is set to `value`; the others keep their proportions. */
export function withShare(values, index, value) {
  const rest = 1 - values[index];
  return values.map((each, i) => (i === index ? value : (each * (1 - value)) / rest));
}
