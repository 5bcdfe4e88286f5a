/** What a visitor sees of one coupling, said with its own numbers. */

import { brief, num, plus } from "../kit/shell/format.js";

const KINDS = { additive: "additive (NICE)", affine: "affine (RealNVP)", spline: "spline" };
const LAYERS = 8;

/** The coupling at the point, with its numbers. */
export const formulaOf = ({ x, y, steps, mask, nice }) =>
  mask === "one" ? `y₂ = ${nice ? "" : `e^${num(steps[0].s)} · `}${num(x[1])} ${plus(steps[0].t)} = ${num(y[1])}` : "";

export function couplingWords(what) {
  return [kindWords(what), maskWords[what.mask](what), areaWords(what), what.undone ? undoneWords(what) : ""]
    .filter(Boolean).join(" ");
}

const kindWords = ({ steps, nice }) =>
  nice
    ? `s is 0, so x₂ is only pushed, here by t = ${num(steps[0].t)}.`
    : `Here s = ${num(steps[0].s)} and t = ${num(steps[0].t)}: x₂ is taken ${
      num(Math.exp(steps[0].s))
    } times, then pushed.`;

const maskWords = {
  one: ({ jacobian }) =>
    `x₁ stays as it is, so the Jacobian is triangular, with a 0 above: ∂y₂/∂x₁ = ${num(jacobian[1][0])} may be ` +
    "anything, and its determinant is the product of the diagonal.",
  same: () =>
    "Twice the same mask: x₂ is bent again, and x₁ of no point has moved. However many layers there are, what x₁ " +
    "alone looks like stays what it was.",
  turns: ({ jacobian }) =>
    `First x₁ says how x₂ is bent, then the new x₂ how x₁ is: both have moved. Each of the two Jacobians is ` +
    `triangular, their product is not (above there is ${num(jacobian[0][1])}), and still its determinant is the ` +
    "product of both diagonals.",
};

const areaWords = ({ areas: [before, after], logDet }) =>
  `The square has an area of ${num(before, 3)} before and of ${num(after, 3)} after, ${num(after / before)} times as ` +
  `much; in its middle det J is ${num(Math.exp(logDet))}.`;

const undoneWords = ({ error }) =>
  `Undone in as many steps as it was done: (y₂ − t) · e^−s, where s and t are evaluated once more and never inverted. ` +
  `The largest error of all 400 points is ${error ? brief(error) : "0"}.`;

/** What was measured of trained flows: how they change areas around test points, and how far they are from the data. */
export function measuredRows(figures) {
  return Object.entries(KINDS).flatMap(([kind, name]) => {
    const found = figures?.[`${kind}-${LAYERS}`];
    if (!found) return [];
    const volumes = ["least", "mean", "greatest"].map((which) => num(found[`volume_${which}`], 2));
    return [[name, ...volumes, num(found.kl, found.kl < 0.1 ? 3 : 2)]];
  });
}

export function measuredWords(figures) {
  const [nice, real] = ["additive", "affine"].map((kind) => figures[`${kind}-${LAYERS}`]);
  const [least, greatest] = [real.volume_least, real.volume_greatest].map((value) => num(Math.exp(value), 1));
  return "log |det J| from x to z around test points, and KL(p ‖ flow), in nats. “det J ≈ 1” is true of NICE " +
    `alone, exactly and everywhere, and it is what limits it: KL ${num(nice.kl)}. The layers of RealNVP change ` +
    `areas by factors from ${least} to ${greatest}; what limits them is that they are bijections with a triangular ` +
    "Jacobian, not that volume is kept.";
}
