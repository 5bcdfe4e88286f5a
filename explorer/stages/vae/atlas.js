/** Codes of the bundled images, measured at some β and interpolated between them. */

import { openSafetensors } from "../kit/plane/tensors.js";
import { bracket } from "./bracket.js";

const WITHIN = 0.998;
const ROOM = 1.06;

/** Slice 0 is measured at β = 0, the others where β ascends; each is read when it is first needed. */
export class Atlas {
  /** @type {Map<string, Promise<void>>} */
  reading = new Map();

  /**
   * The file holds betas (K,), mu and sigma (K, N, 2).
   * @param {Safetensors} file @param {Float32Array} betas
   */
  constructor(file, betas) {
    this.file = file;
    this.betas = betas;
    this.size = 2 * file.shape("mu")[1];
    this.mu = new Array(betas.length);
    this.logSigma = new Array(betas.length);
    this.reaches = new Array(betas.length);
    this.at = { beta: null, mu: new Float32Array(this.size), sigma: new Float32Array(this.size) };
  }

  static async open(url) {
    const file = await openSafetensors(url);
    return new Atlas(file, (await file.read(["betas"])).betas);
  }

  /** The slices around β. */
  slicesAt(beta) {
    const [k, t] = this.bracket(beta);
    return t > 0 ? [k, k + 1] : [k];
  }

  /** True if the map at β has been read. */
  has(beta) {
    return this.slicesAt(beta).every((k) => this.mu[k]);
  }

  /** Reads what is shown at β; a slice is asked for once, and again after a failure. */
  async need(beta) {
    if (this.has(beta)) return;
    const [first, last = first] = this.slicesAt(beta);
    const key = `${first} ${last}`;
    if (!this.reading.has(key)) {
      this.reading.set(
        key,
        this.readSlices(first, last + 1).finally(() => this.reading.delete(key)),
      );
    }
    await this.reading.get(key);
  }

  /** Reads all slices. */
  readAll() {
    return this.readSlices(0, this.betas.length);
  }

  async readSlices(from, to) {
    const [mu, sigma] = await Promise.all(["mu", "sigma"].map((name) => this.file.rows(name, from, to)));
    for (let k = from; k < to; k++) {
      const [start, end] = [(k - from) * this.size, (k - from + 1) * this.size];
      this.mu[k] = mu.subarray(start, end);
      this.logSigma[k] = sigma.subarray(start, end).map(Math.log);
    }
  }

  /** The side of a square about the origin that holds nearly all means at β; it changes smoothly with β. */
  span(beta) {
    const [k, t] = this.bracket(beta);
    return 2 * ROOM * this.reach(k) ** (1 - t) * (t > 0 ? this.reach(k + 1) ** t : 1);
  }

  reach(k) {
    return (this.reaches[k] ??= quantile(this.mu[k].map(Math.abs), WITHIN));
  }

  /** Means and widths at β, whose slices have been read: x0, y0, x1, y1, … The arrays are reused by the next call. */
  points(beta) {
    const { at } = this;
    if (at.beta === beta) return at;
    const [k, t] = this.bracket(beta);
    mix(this.mu[k], this.mu[k + 1] ?? this.mu[k], t, at.mu);
    if (beta === 0) at.sigma.fill(0);
    else mix(this.logSigma[k], this.logSigma[k + 1] ?? this.logSigma[k], t, at.sigma, Math.exp);
    at.beta = beta;
    return at;
  }

  /** The slice at or below β, and how far log β is on its way to the next one. */
  bracket(beta) {
    if (beta === 0) return [0, 0];
    const [k, t] = bracket(this.betas.subarray(1), beta);
    return [k + 1, t];
  }
}

function mix(from, to, t, out, map = (value) => value) {
  for (let i = 0; i < out.length; i++) out[i] = map(from[i] + t * (to[i] - from[i]));
}

function quantile(values, share) {
  return values.sort()[Math.floor(share * (values.length - 1))];
}
