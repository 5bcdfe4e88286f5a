/** The score network of a toy in the browser: the layers that torch runs, on the same weights. */

import { readDense } from "../kit/plane/dense.js";

const FREQUENCIES = 4;

/** Reads the layers net.0, net.2, … of a safetensors file; `total` is T, the number of times. */
export async function readToyNet(url, total) {
  const [net] = await readDense(url, ["net."]);
  if (net.inputs !== 4 + 2 * FREQUENCIES || net.outputs !== 2) {
    throw new Error(`${url} is not a network of points and times`);
  }
  /** ε̂ at points x0, y0, x1, y1, … that are at time t, where the noise schedule says ᾱ. */
  const predict = (points, t, alpha) => net.at(points, timeFeatures(t / total, alpha));
  return { predict };
}

/** Time as the network reads it, a share of T. */
function timeFeatures(share, alpha) {
  const angles = Array.from({ length: FREQUENCIES }, (_, k) => 2 ** k * Math.PI * share);
  return [Math.sqrt(alpha), Math.sqrt(1 - alpha), ...angles.map(Math.sin), ...angles.map(Math.cos)];
}
