/** The energy of points in the browser, and its gradient: the layers that torch runs, on the same weights. */

import { applyBatch, BATCH } from "../kit/plane/mlp.js";

export class EnergyNet {
  /** Layers {outputs, inputs, weight, bias}; SiLU between them, and half the squared distance from the middle. */
  constructor(layers) {
    this.layers = layers;
    this.widest = Math.max(...layers.flatMap(({ inputs, outputs }) => [inputs, outputs]));
    const room = () => new Float32Array(BATCH * this.widest);
    this.scales = layers.map(({ outputs, bias }) => scaleOf(outputs, bias));
    this.backward = layers.map(transposed);
    this.acts = layers.map(room);
    this.slopes = layers.map(room);
    this.out = room();
    this.spare = [room(), room()];
  }

  /** E at points x0, y0, x1, y1, … and its gradient, unless that is not wanted: {energy, gradient}. */
  evaluate(points, { slopes = true } = {}) {
    const count = points.length / 2;
    const energy = new Float64Array(count);
    const gradient = slopes ? new Float64Array(2 * count) : null;
    for (let first = 0; first < count; first += BATCH) {
      const rows = Math.min(BATCH, count - first);
      for (let r = 0; r < rows; r++) {
        this.acts[0][r * this.widest] = points[2 * (first + r)];
        this.acts[0][r * this.widest + 1] = points[2 * (first + r) + 1];
      }
      const out = this.forward();
      const back = slopes ? this.back() : null;
      for (let r = 0; r < rows; r++) {
        const at = first + r;
        const [x, y] = [points[2 * at], points[2 * at + 1]];
        energy[at] = out[r * this.widest] + (x * x + y * y) / 2;
        if (!slopes) continue;
        gradient[2 * at] = back[r * this.widest] + x;
        gradient[2 * at + 1] = back[r * this.widest + 1] + y;
      }
    }
    return { energy, gradient };
  }

  /** Runs what lies in the first buffer through all layers, and keeps the slopes of what comes between. */
  forward() {
    const { layers, acts, slopes, widest, out: end } = this;
    const last = layers.length - 1;
    layers.forEach((layer, l) => {
      const out = l === last ? end : acts[l + 1];
      applyBatch(layer, this.scales[l], acts[l], out, widest);
      if (l < last) bend(out, slopes[l], layer.outputs, widest);
    });
    return end;
  }

  /** The gradient of the last output, back through all layers. */
  back() {
    const { layers, slopes, widest } = this;
    let [from, to] = this.spare;
    const { weight, inputs } = layers.at(-1);
    for (let r = 0; r < BATCH; r++) from.set(weight.subarray(0, inputs), r * widest);
    for (let l = layers.length - 2; l >= 0; l--) {
      for (let r = 0; r < BATCH; r++) {
        const end = r * widest + layers[l].outputs;
        for (let i = r * widest; i < end; i++) from[i] *= slopes[l][i];
      }
      applyBatch(this.backward[l].layer, this.backward[l].scale, from, to, widest);
      [from, to] = [to, from];
    }
    return from;
  }
}

const scaleOf = (outputs, shift) => ({
  gain: new Float64Array(outputs).fill(1),
  shift: Float64Array.from(shift ?? new Float64Array(outputs)),
});

/** A layer that takes gradients the other way. */
function transposed({ outputs, inputs, weight }) {
  const turned = new Float32Array(weight.length);
  for (let o = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) turned[i * outputs + o] = weight[o * inputs + i];
  return { layer: { outputs: inputs, inputs: outputs, weight: turned }, scale: scaleOf(inputs) };
}

/** SiLU in place, and its slope. */
function bend(values, slopes, length, stride) {
  for (let r = 0; r < BATCH; r++) {
    for (let i = r * stride; i < r * stride + length; i++) {
      const value = values[i];
      const share = 1 / (1 + Math.exp(-value));
      slopes[i] = share * (1 + value * (1 - share));
      values[i] = value * share;
    }
  }
}
