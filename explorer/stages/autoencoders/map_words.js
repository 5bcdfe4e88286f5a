/** What a visitor sees on the map, said with its own numbers. */

import { num, pair } from "../kit/shell/format.js";
import { withArticle } from "../kit/shell/parts.js";
import { KINDS } from "./code_nets.js";

const NEAR = 0.1; // of the spread of the codes

/** The test image whose code is nearest to a place, and how many are within a tenth of the spread. */
export function nearestOf({ codes, labels, covariance }, [x, y]) {
  const reach = NEAR * Math.sqrt(covariance[0] + covariance[3]);
  let [index, distance, within] = [-1, Infinity, 0];
  for (let i = 0; i < labels.length; i++) {
    const far = Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y);
    if (far <= reach) within++;
    if (far < distance) [index, distance] = [i, far];
  }
  return { index, distance, within, label: labels[index], reach };
}

/** Of a place on the map of a kind of autoencoder. */
export function mapWords(kind, place, near, { mean }, classes) {
  const nearest = withArticle(classes[near.label]);
  const data = near.within
    ? `${near.within} of 2,000 test images have their codes within ${num(near.reach)} of ${pair(place)}. The nearest ` +
      `is ${nearest}`
    : `No test image has its code within ${num(near.reach)} of ${
      pair(place)
    }: a hole, which the decoder never met in ` +
      `training. The nearest code, of ${nearest}, is ${num(near.distance)} away`;
  return `${data}. The ${kind} autoencoder's decoder draws what you see. The codes' mean is ${
    pair(mean)
  }: nothing in the training says where they should lie.`;
}

/** Of a picture and what the four make of it. */
export function rebuiltWords({ families, errors }) {
  const named = families.map((family, i) => `${num(errors[i], 1)} ${KINDS[family]}`).join(", ");
  return `Squared errors of your picture: ${named}. The sparse one keeps 25 numbers with their places, the others two.`;
}
