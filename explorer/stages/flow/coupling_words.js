/** Sentences on one coupling, with its own numbers. */

import { brief, num, plus } from "../kit/base/format.js";

/** The coupling at the point, with its numbers. */
export const formulaOf = ({ x, y, steps, mask, nice }) =>
  mask === "one" ? `y₂ = ${nice ? "" : `e^${num(steps[0].s)} · `}${num(x[1])} ${plus(steps[0].t)} = ${num(y[1])}` : "";

export function couplingWords(what) {
  return [kindWords(what), maskWords[what.mask](what), areaWords(what), what.undone ? undoneWords(what) : ""]
    .filter(Boolean).join(" ");
}

const kindWords = ({ steps, nice }) =>
  nice
    ? `s is 0, so x₂ is only shifted, here by t = ${num(steps[0].t)}.`
    : `x₂ is scaled by ${num(Math.exp(steps[0].s))} and shifted by ${num(steps[0].t)}.`;

const maskWords = {
  one: ({ jacobian }) =>
    `x₁ stays as it is, so the Jacobian is triangular, with a 0 above: ∂y₂/∂x₁ = ${num(jacobian[1][0])} may be ` +
    "anything, and its determinant is the product of the diagonal.",
  same: () =>
    "Twice the same mask: x₂ is transformed again, and x₁ of no point has moved. However many layers there are, what x₁ " +
    "alone looks like stays what it was.",
  turns: ({ jacobian }) =>
    `First x₁ sets how x₂ is transformed, then the new x₂ how x₁ is: both have moved. Each of the two Jacobians is ` +
    `triangular, their product is not (above there is ${num(jacobian[0][1])}), and still its determinant is the ` +
    "product of both diagonals.",
};

const areaWords = ({ areas: [before, after], logDet }) =>
  `The square has an area of ${num(before, 3)} before and of ${num(after, 3)} after, ${num(after / before)} times as ` +
  `much; in its middle det J is ${num(Math.exp(logDet))}.`;

const undoneWords = ({ error }) =>
  `Undone in as many steps as it was done: (y₂ − t) · e^−s, where s and t are evaluated once more and never inverted. ` +
  `The largest error of all 400 points is ${error ? brief(error) : "0"}.`;
