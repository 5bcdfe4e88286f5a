/** What a visitor sees of lines and paths, said with their own numbers. */

import { num, pair } from "../kit/shell/format.js";

const NAMES = {
  independent: "Noise and points are paired by chance",
  ot: "Of this minibatch, noise and points are paired so that the squared distances have the least sum",
  "reflow-1": "Each noise is paired with the point to which the independent field takes it",
  "reflow-2": "Each noise is paired with the point to which the field of the first round takes it",
};

/** Under the film. */
export function captionOf(t) {
  if (t === 0) return "t = 0: Gaussian noise.";
  return t === 1 ? "t = 1: data." : `${num(100 * t, 0)} % of the way along each line.`;
}

/** What a screen reader says of the picture. */
export const planeWords = ({ title, t, coupling, count }) =>
  `${title}: ${count} pairs with their straight lines, and the learned paths from the same noise. ${
    NAMES[coupling]
  }. ` +
  captionOf(t);

/** The numbers beside the plane. */
export function pathRows({ point, probe, bent, measured }) {
  const apart = probe?.exact && Math.hypot(...probe.exact.map((value, i) => value - probe.learned[i]));
  return [
    ["your point", pair(point)],
    ["network's v", probe ? pair(probe.learned) : "–"],
    ["mean of lines", probe?.exact ? pair(probe.exact) : "not known"],
    ["error of the learned velocity, here", num(apart)],
    ["spread of lines", num(probe?.spread)],
    ["straightness S", num(bent, 3)],
    ["of 2,500 paths", num(measured?.straightness, 3)],
    ["residual loss", num(measured?.residual, 3)],
  ];
}

/** Of the point, and of how straight the paths are. */
export function pathWords({ t, coupling, point, probe, bent, measured }) {
  const here = probe.exact
    ? `Lines through ${pair(point)} at t = ${num(t)} go ${pair(probe.exact)} on average and spread by ` +
      `${num(probe.spread)} around it; the network has one velocity at a place and predicts ` +
      `${pair(probe.learned)}.`
    : `At ${pair(point)} and t = ${num(t)} the network predicts ${pair(probe.learned)}.`;
  const measuredWords = measured
    ? ` Over 2,500 paths S is ${num(measured.straightness, 3)}, and lines of this coupling that meet ` +
      `differ from the field by ${num(measured.residual, 3)} (mean square).`
    : "";
  return `${NAMES[coupling]}. ${here} Two of its paths never are at one place at one time. Their straightness S, the ` +
    `mean square by which the velocity leaves that of the straight way, is ${
      num(bent, 3)
    } (0 is straight).${measuredWords}`;
}
