/** Points on their way from noise, t = 0, to data, t = 1. */

/** States of `size` numbers, one after the other. */
export const statesOf = (numbers, size) =>
  Array.from({ length: numbers.length / size }, (_, k) => numbers.subarray(size * k, size * (k + 1)));

/** Places of points at a time, straight between two of their states. */
export function stateAt(states, t) {
  const place = t * (states.length - 1);
  const from = Math.min(Math.floor(place), states.length - 2);
  const share = place - from;
  return states[from].map((value, i) => value + share * (states[from + 1][i] - value));
}
