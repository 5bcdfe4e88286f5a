/** Sentences on a change of variables, with its own numbers. */

import { num } from "../kit/base/format.js";

const NEVER = "–";

/** The figures at the marked x; dashes where there is nothing yet. */
export function variablesRows(found) {
  const said = (value, digits = 3) => (found ? num(value, digits) : NEVER);
  return [
    ["y = f(x)", said(found?.y, 2)],
    ["f′(x)", said(found?.slope)],
    ["p(x)", said(found?.before)],
    ["p(y) = p(x) ÷ f′(x)", said(found?.after)],
    ["area under p(y)", said(found?.area, 4)],
  ];
}

export function variablesWords({ x, slope, before, after, wide, ends, area, flattest, steepest }) {
  const high = ends[1] - ends[0];
  const change = slope < 1
    ? "flatter than 1, so the same mass is packed closer"
    : "steeper than 1, so it is spread out";
  return `The strip at x = ${num(x)} is ${num(wide)} wide and becomes ${num(high)} high: the curve there is ` +
    `${change}, and the density goes from ${num(before, 3)} to ${num(after, 3)}, a factor of 1 ÷ ${num(slope)}. ` +
    `Between −2 and 2 it is flattest at x = ${num(flattest.x)}, where densities grow ${num(1 / flattest.slope, 1)} ` +
    `times, and steepest at ${num(steepest.x)}, where they become ${
      num(1 / steepest.slope)
    } times as large. All of it ` +
    `together stays: the area under p(y), summed over y, is ${num(area, 4)}.`;
}
