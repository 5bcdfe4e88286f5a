/** Sentences on a flow of the plane, with its own numbers. */

import { num, pair, plus } from "../kit/base/format.js";

const KINDS = {
  additive: "Additive couplings only shift, so every area stays as large as it is, and the density is nowhere above " +
    "that of the middle of the noise, 0.16",
  affine: "Affine couplings shift and scale, every point of a line by the same factor",
  spline: "Spline couplings scale each place of a line by a factor of its own",
};
const BETWEEN =
  "Between two layers the picture goes straight from one state to the next, for the eye; at whole layers " +
  "it is exact.";
const BESIDE = 0.02;

const isWhole = (place) => Math.abs(place - Math.round(place)) < BESIDE;
const counted = (n) => `${n} layer${n === 1 ? "" : "s"}`;

/** Under the film. */
export function captionOf(place, depth) {
  if (!isWhole(place)) {
    const percents = Math.round(100 * (place - Math.floor(place)));
    return `Layer ${Math.floor(place) + 1} of ${depth}: ${percents} % of the way through it.`;
  }
  const whole = Math.round(place);
  if (whole === 0) return "x: data";
  return whole === depth ? "z: noise" : `After ${whole} of ${counted(depth)}, counted from x.`;
}

/** Beside the slider. */
export const placeName = (place, depth) =>
  place === 0 ? "x, data" : place === depth ? "z, noise" : `layer ${place.toFixed(1)} of ${depth}`;

/** Text alternative of the picture. */
export const placeWords = ({ place, depth, curve, way, title }) =>
  `${title}, ${way === "back" ? "noise on its way to data" : "data on their way to noise"} through ${depth} ` +
  `${curve} ${depth === 1 ? "coupling" : "couplings"}. ${captionOf(place, depth)}`;

/** The sum that gives log p(x), a row for each layer; the mark is at the layer that is under way. */
export function sumRows({ x, z, base, logDet, logP }, place) {
  const under = Math.min(Math.floor(place), logDet.length - 1);
  return [
    ["x", pair(x)],
    ["z = f(x)", pair(z)],
    ["log N(z; 0, I)", num(base), "nats"],
    ...logDet.map((value, i) => [`${i === under ? "▸ " : ""}layer ${i + 1} moves ${i % 2 ? "x₁" : "x₂"}`, plus(value)]),
    ["log p(x) at your point", `= ${num(logP)}`, "nats"],
    ["p(x)", num(Math.exp(logP), 3)],
  ];
}

/** Words about the point, the kind of coupling, and what no coupling can do. */
export function warpWords({ point, place, curve, thread }) {
  const total = point.logDet.reduce((a, b) => a + b, 0);
  const factor = Math.exp(total);
  const areas = curve === "additive"
    ? "No area changes on the way."
    : `An area around x becomes ${num(factor, factor < 0.095 ? 3 : 1)} times as large on its way to z.`;
  return [
    `Your point has an exact density: log p(x) = ${num(point.logP)} nats.`,
    `That is ${num(point.base)} ${plus(total)} nats: noise density and volume change.`,
    `x = ${pair(point.x)} is z = ${pair(point.z)}.`,
    areas,
    isWhole(place) ? `${KINDS[curve]}.` : BETWEEN,
    thread,
  ].join(" ");
}
