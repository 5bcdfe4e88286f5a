/** A network of plain layers in the browser, SiLU between them, on the weights that torch runs. */

import { applyBatch, BATCH, silu } from "./mlp.js";
import { openSafetensors } from "./tensors.js";

/**
 * Reads the layers `prefix`0, `prefix`2, … of a safetensors file, one network for each of the prefixes.
 * @param {string} url @param {string[]} prefixes @param {FloatKind} Numbers
 */
export async function readDense(url, prefixes, Numbers = Float32Array) {
  const file = await openSafetensors(url);
  const chosen = prefixes.map((prefix) => {
    const numbers = file.names.filter((name) => name.startsWith(prefix) && name.endsWith(".weight"))
      .map((name) => Number(name.slice(prefix.length, -".weight".length)));
    return numbers.sort((a, b) => a - b).map((number) => `${prefix}${number}`);
  });
  if (chosen.some((names) => !names.length)) throw new Error(`${url} has no layers ${prefixes.join(", ")}`);
  const tensors = await file.read(chosen.flat().flatMap((name) => [`${name}.weight`, `${name}.bias`]));
  return chosen.map((names) =>
    new Dense(
      names.map((name) => {
        const [outputs, inputs] = file.shape(`${name}.weight`);
        return { outputs, inputs, weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] };
      }),
      Numbers,
    )
  );
}

class Dense {
  /** `Numbers` is the kind of array that it calculates in. @param {Layer[]} layers @param {FloatKind} Numbers */
  constructor(layers, Numbers) {
    this.layers = layers;
    this.Numbers = Numbers;
    this.inputs = layers[0].inputs;
    this.outputs = layers.at(-1).outputs;
    this.widest = Math.max(...layers.flatMap(({ inputs, outputs }) => [inputs, outputs]));
    this.buffers = [0, 1].map(() => new Numbers(BATCH * this.widest));
    this.scales = layers.map(({ outputs, bias }) => ({
      gain: new Float64Array(outputs).fill(1),
      shift: Float64Array.from(bias),
    }));
  }

  /** Outputs for rows of inputs, one after the other. @param {ArrayLike<number>} rows */
  run(rows) {
    const { outputs } = this;
    const out = new this.Numbers((rows.length / this.inputs) * outputs);
    this.each(rows, (found, at, i) => out.set(found.subarray(at, at + outputs), i * outputs));
    return out;
  }

  /**
   * The same of points x0, y0, x1, y1, …, each followed by the same `features`.
   * @param {ArrayLike<number>} points @param {Iterable<number>} features
   */
  at(points, features) {
    const { inputs } = this;
    const rows = new this.Numbers((points.length / 2) * inputs);
    for (let i = 0; i < points.length / 2; i++) rows.set([points[2 * i], points[2 * i + 1], ...features], i * inputs);
    return this.run(rows);
  }

  /**
   * Calls `take(found, at, i)` for each row: what comes of it lies in `found` from a place on.
   * @param {ArrayLike<number>} rows @param {(found: Floats, at: number, i: number) => void} take
   */
  each(rows, take) {
    const { inputs, widest } = this;
    const count = rows.length / inputs;
    for (let first = 0; first < count; first += BATCH) {
      const some = Math.min(BATCH, count - first);
      for (let r = 0; r < some; r++) {
        for (let i = 0; i < inputs; i++) this.buffers[0][r * widest + i] = rows[(first + r) * inputs + i];
      }
      const found = this.forward();
      for (let r = 0; r < some; r++) take(found, r * widest, first + r);
    }
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
