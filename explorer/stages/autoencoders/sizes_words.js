/** Codes of several sizes: what a classifier makes of points between codes and of draws, said with the card's numbers. */

import { find } from "../kit/shell/card.js";
import { num, percent } from "../kit/shell/format.js";

/** What is decoded, by the name that the card has for it. */
export const KINDS = {
  codes: "codes of test images",
  midpoints: "points midway between two",
  fitted: "draws from a Gaussian fitted to the codes",
};

/** The rows of one size by kind: {confidence, distance}. */
export const sizeOf = (rows, latents) =>
  Object.fromEntries(
    Object.keys(KINDS).map((of) => [
      of,
      Object.fromEntries(["confidence", "distance"].map((name) => [name, find(rows, name, { of, latents })])),
    ]),
  );

export function sizesWords(rows, latents) {
  const { codes, midpoints, fitted } = sizeOf(rows, latents);
  const sure = ({ confidence }) => percent(confidence.value);
  const far = ({ distance }) => `${num(distance.value, 1)} times`;
  const mean = find(rows, "confidence", { of: "means of pixels" });
  return `With ${latents} numbers the classifier's mean confidence is ${sure(codes)} in rebuilt test images, ` +
    `${sure(midpoints)} midway between two codes, and ${sure(fitted)} in draws from a Gaussian fitted to the codes. ` +
    `The mean of two images' pixels, without a network, has ${percent(mean.value)}. A midpoint is ${far(midpoints)} ` +
    `as far from the nearest training code as a test image's code is, a draw ${far(fitted)}. The decoder is ` +
    "continuous at every size; that only says something about places near a code.";
}

/** A table of all sizes: its head, and its lines. */
export function sizesTable(rows, sizes) {
  const about = (row, digits) => `${num(row.value, digits)} ± ${num(row.se, digits)}`;
  const head = [
    "numbers",
    "squared error",
    ...Object.values(KINDS).map((kind) => `confidence, ${kind}`),
    "distance, midpoints",
    "distance, draws",
  ];
  const lines = sizes.map((size) => {
    const latents = Number(size);
    const known = sizeOf(rows, latents);
    const cells = Object.values(known).map(({ confidence }) => about(confidence, 3));
    const far = [known.midpoints, known.fitted].map(({ distance }) => about(distance, 2));
    return [size, about(find(rows, "error", { latents }), 1), ...cells, ...far];
  });
  return { head, lines };
}

/** The same without standard errors, which the note bounds, for a narrow place. */
export function sizesBrief(rows, sizes) {
  const head = ["n", "codes", "midway", "draws", "midway ↔", "draws ↔"];
  const kinds = sizes.map((size) => Object.values(sizeOf(rows, Number(size))));
  const lines = kinds.map((of, k) => [
    sizes[k],
    ...of.map(({ confidence }) => num(confidence.value, 2)),
    ...of.slice(1).map(({ distance }) => num(distance.value, 2)),
  ]);
  const most = (name) => num(Math.ceil(Math.max(...kinds.flat().map((of) => of[name].se ?? 0)) * 1000) / 1000, 3);
  const note =
    "Mean confidence of the classifier, then the distance to the nearest training code (↔), divided by that " +
    `of a test image's code. Standard errors are at most ${most("confidence")} and ${most("distance")}.`;
  return { head, lines, note };
}
