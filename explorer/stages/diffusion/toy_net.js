/** The score network of a toy in the browser: the layers that torch runs, on the same weights. */

import { readDense } from "../kit/plane/dense.js";

const FREQUENCIES = 4;
const FEATURES = 4 + 2 * FREQUENCIES;

/** Reads the layers net.0, net.2, … of a safetensors file. */
export async function readToyNet(url, total) {
  const [net] = await readDense(url, ["net."]);
  if (net.inputs !== FEATURES || net.outputs !== 2) throw new Error(`${url} is not a network of points and times`);
  return new ToyNet(net, total);
}

class ToyNet {
  /** `total` is T, the number of times. */
  constructor(net, total) {
    Object.assign(this, { net, total });
  }

  /** ε̂ at points x0, y0, x1, y1, … that are at time t, where the noise schedule says ᾱ. */
  predict(points, t, alpha) {
    const features = timeFeatures(t / this.total, alpha);
    const rows = new Float32Array((points.length / 2) * FEATURES);
    for (let i = 0, at = 0; i < points.length; i += 2, at += FEATURES) {
      rows[at] = points[i];
      rows[at + 1] = points[i + 1];
      rows.set(features, at + 2);
    }
    return this.net.run(rows);
  }
}

/** What the network is told of the time, which is a share of T. */
function timeFeatures(share, alpha) {
  const angles = Array.from({ length: FREQUENCIES }, (_, k) => 2 ** k * Math.PI * share);
  return [Math.sqrt(alpha), Math.sqrt(1 - alpha), ...angles.map(Math.sin), ...angles.map(Math.cos)];
}
