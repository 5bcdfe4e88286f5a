/** Sums of a table p(x, y), and both ways of conditioning. */

import { uniforms } from "../kit/plane/random.js";
import { sum } from "../kit/base/sums.js";

export const SIZES = ["small", "medium", "large"];
export const ANIMALS = ["cat", "dog"];

/** `joint` is p(x, y), y fastest. */
export function answers(joint) {
  const cell = (x, y) => joint[x * ANIMALS.length + y];
  const p = SIZES.map((_, x) => ANIMALS.map((_, y) => cell(x, y)));
  const px = p.map(sum);
  const py = ANIMALS.map((_, y) => sum(p.map((row) => row[y])));
  return {
    ...{ p, px, py },
    yGivenX: p.map((row, x) => row.map((each) => each / px[x])),
    xGivenY: ANIMALS.map((_, y) => p.map((row) => row[y] / py[y])),
  };
}

/** So many x of a seed, by their numbers. */
export function drawn(px, seed, count) {
  const uniform = uniforms(seed);
  return Array.from({ length: count }, () => {
    let [x, left] = [0, uniform() - px[0]];
    while (left >= 0 && x < px.length - 1) left -= px[++x];
    return x;
  });
}
