/** The β-VAE's decoder, in the browser: the layers that torch runs, on the same weights. */

/** The numbers that a layer's gain and shift are linear in: bumps on log10 β, and a switch for β = 0. */
function basis(beta, { size, betaMin, betaMax }) {
  const values = new Float64Array(size + 1);
  if (beta === 0) {
    values[size] = 1;
    return values;
  }
  const low = Math.log10(betaMin);
  const width = (Math.log10(betaMax) - low) / (size - 1);
  for (let j = 0; j < size; j++) values[j] = Math.exp(-0.5 * ((Math.log10(beta) - low - j * width) / width) ** 2);
  return values;
}

/**
 * Reads the decoder's tensors, and only those, from an opened safetensors file; `onShare` gets the progress.
 * @param {Safetensors} file @param {(share: number) => void} [onShare] @returns {Promise<Layer[]>}
 */
export async function readDecoder(file, onShare) {
  const names = file.names.filter((name) => name.startsWith("decoder."));
  const tensors = await file.read(names, onShare);
  const depth = names.filter((name) => name.endsWith(".linear.weight")).length;
  return Array.from({ length: depth }, (_, i) => {
    const [outputs, inputs] = file.shape(`decoder.${i}.linear.weight`);
    const part = (name) => tensors[`decoder.${i}.${name}`];
    return { outputs, inputs, weight: part("linear.weight"), bias: part("linear.bias"), film: part("film.weight") };
  });
}

/** The network of one β at a time. */
export class Decoder {
  /** @param {Layer[]} layers @param {{size: number, betaMin: number, betaMax: number}} settings of the basis */
  constructor(layers, settings) {
    this.layers = layers;
    this.settings = settings;
    /** @type {number | null} */
    this.beta = null;
    this.films = layers.map(({ outputs }) => ({ gain: new Float64Array(outputs), shift: new Float64Array(outputs) }));
    this.widest = Math.max(...layers.map(({ inputs, outputs }) => Math.max(inputs, outputs)));
    /** @type {Float32Array[]} */
    this.buffers = [];
  }

  /** Makes this the network of one β: h = linear(h) · (1 + gain) + shift, with the bias folded into the shift. @param {number} beta */
  setBeta(beta) {
    if (beta === this.beta) return this;
    const values = basis(beta, this.settings);
    this.layers.forEach(({ outputs, film, bias }, i) => {
      const { gain, shift } = this.films[i];
      for (let row = 0; row < outputs; row++) {
        gain[row] = 1 + dot(film, row * values.length, values);
        shift[row] = bias[row] * gain[row] + dot(film, (outputs + row) * values.length, values);
      }
    });
    this.beta = beta;
    return this;
  }

  /**
   * Pixel probabilities at `count` points: z is x0, y0, x1, y1, …; returns 784 a point.
   * @param {number[] | Float32Array} z
   */
  decode(z, count = z.length / 2, out = new Float32Array(count * this.layers.at(-1).outputs)) {
    const outputs = this.layers.at(-1).outputs;
    for (let first = 0; first < count; first += BATCH) {
      const rows = Math.min(BATCH, count - first);
      const result = this.forward(Array.isArray(z) ? z.slice(2 * first) : z.subarray(2 * first), rows);
      for (let r = 0; r < rows; r++) {
        const [from, to] = [r * this.widest, (first + r) * outputs];
        for (let i = 0; i < outputs; i++) out[to + i] = 1 / (1 + Math.exp(-result[from + i]));
      }
    }
    return out;
  }

  /** @param {ArrayLike<number>} z @param {number} rows */
  forward(z, rows) {
    if (!this.buffers.length) this.buffers = [0, 1].map(() => new Float32Array(BATCH * this.widest));
    let [input, output] = this.buffers;
    for (let r = 0; r < rows; r++) input.set([z[2 * r], z[2 * r + 1]], r * this.widest);
    this.layers.forEach((layer, i) => {
      const apply = rows === 1 ? applyOne : applyBatch;
      apply(layer, this.films[i], input, output, this.widest);
      if (i < this.layers.length - 1) { for (let r = 0; r < rows; r++) silu(output, r * this.widest, layer.outputs); }
      [input, output] = [output, input];
    });
    return input;
  }
}

/** Number of rows that `applyBatch` works on. */
export const BATCH = 4;

function dot(matrix, start, vector) {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += matrix[start + i] * vector[i];
  return sum;
}

/** @param {Floats} values @param {number} start @param {number} length */
export function silu(values, start, length) {
  for (let i = start; i < start + length; i++) values[i] = values[i] / (1 + Math.exp(-values[i]));
}

/**
 * One point: four running sums hide the latency of the additions (inputs are even in number).
 * @param {Layer} layer @param {LayerScale} scale @param {Floats} input @param {Floats} output
 */
function applyOne({ weight, inputs, outputs }, { gain, shift }, input, output) {
  const quads = inputs & ~3;
  for (let row = 0, k = 0; row < outputs; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let i = 0;
    for (; i < quads; i += 4, k += 4) {
      a += weight[k] * input[i];
      b += weight[k + 1] * input[i + 1];
      c += weight[k + 2] * input[i + 2];
      d += weight[k + 3] * input[i + 3];
    }
    for (; i < inputs; i++, k++) a += weight[k] * input[i];
    output[row] = (a + b + c + d) * gain[row] + shift[row];
  }
}

/**
 * Four points at once: every weight is read once for all four.
 * @param {Layer} layer @param {LayerScale} scale @param {Floats} input @param {Floats} output @param {number} stride
 */
export function applyBatch({ weight, inputs, outputs }, { gain, shift }, input, output, stride) {
  for (let row = 0, k = 0; row < outputs; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < inputs; i++, k++) {
      const w = weight[k];
      a += w * input[i];
      b += w * input[i + stride];
      c += w * input[i + 2 * stride];
      d += w * input[i + 3 * stride];
    }
    output[row] = a * gain[row] + shift[row];
    output[row + stride] = b * gain[row] + shift[row];
    output[row + 2 * stride] = c * gain[row] + shift[row];
    output[row + 3 * stride] = d * gain[row] + shift[row];
  }
}
