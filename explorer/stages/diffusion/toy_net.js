/** The score network of a toy in the browser: the layers that torch runs, on the same weights. */

import { applyBatch, BATCH, silu } from "../kit/mlp.js";
import { openSafetensors } from "../kit/tensors.js";

const FREQUENCIES = 4;
const FEATURES = 4 + 2 * FREQUENCIES;

/** Reads the layers net.0, net.2, … of a safetensors file. */
export async function readToyNet(url, total) {
  const file = await openSafetensors(url);
  const numbers = file.names.flatMap((name) => /^net\.(\d+)\.weight$/.exec(name)?.[1] ?? []).sort((a, b) => a - b);
  const tensors = await file.read(numbers.flatMap((i) => [`net.${i}.weight`, `net.${i}.bias`]));
  const layers = numbers.map((i) => {
    const [outputs, inputs] = file.shape(`net.${i}.weight`);
    return { outputs, inputs, weight: tensors[`net.${i}.weight`], bias: tensors[`net.${i}.bias`] };
  });
  if (layers[0]?.inputs !== FEATURES || layers.at(-1).outputs !== 2) {
    throw new Error(`${url} is not a network of points and times`);
  }
  return new ToyNet(layers, total);
}

class ToyNet {
  /** `total` is T, the number of times. */
  constructor(layers, total) {
    Object.assign(this, { layers, total });
    this.widest = Math.max(...layers.flatMap(({ inputs, outputs }) => [inputs, outputs]));
    this.buffers = [0, 1].map(() => new Float32Array(BATCH * this.widest));
    this.scales = layers.map(({ outputs, bias }) => ({
      gain: new Float64Array(outputs).fill(1),
      shift: Float64Array.from(bias),
    }));
  }

  /** ε̂ at points x0, y0, x1, y1, … that are at time t, where the noise schedule says ᾱ. */
  predict(points, t, alpha) {
    const count = points.length / 2;
    const features = timeFeatures(t / this.total, alpha);
    const out = new Float32Array(points.length);
    for (let first = 0; first < count; first += BATCH) {
      const rows = Math.min(BATCH, count - first);
      for (let r = 0; r < rows; r++) {
        const at = r * this.widest;
        this.buffers[0][at] = points[2 * (first + r)];
        this.buffers[0][at + 1] = points[2 * (first + r) + 1];
        this.buffers[0].set(features, at + 2);
      }
      const found = this.forward();
      for (let r = 0; r < rows; r++) for (const i of [0, 1]) out[2 * (first + r) + i] = found[r * this.widest + i];
    }
    return out;
  }

  /** Runs what lies in the first buffer through all layers. */
  forward() {
    let [input, output] = this.buffers;
    this.layers.forEach((layer, i) => {
      applyBatch(layer, this.scales[i], input, output, this.widest);
      if (i < this.layers.length - 1) { for (let r = 0; r < BATCH; r++) silu(output, r * this.widest, layer.outputs); }
      [input, output] = [output, input];
    });
    return input;
  }
}

/** What the network is told of the time, which is a share of T. */
function timeFeatures(share, alpha) {
  const angles = Array.from({ length: FREQUENCIES }, (_, k) => 2 ** k * Math.PI * share);
  return [Math.sqrt(alpha), Math.sqrt(1 - alpha), ...angles.map(Math.sin), ...angles.map(Math.cos)];
}
