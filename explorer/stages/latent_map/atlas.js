/** Where the encoder puts each bundled image, measured at some β and interpolated between them. */

import { openSafetensors } from "../shared/tensors.js";
import { bracket } from "./bracket.js";

const WITHIN = 0.998;
const ROOM = 1.06;

export class Atlas {
  /** @param {{betas: Float32Array, mu: Float32Array, sigma: Float32Array}} tensors betas[0] is 0, the rest ascend */
  constructor({ betas, mu, sigma }) {
    this.betas = betas;
    this.size = mu.length / betas.length;
    this.mu = this.slices(mu);
    this.logSigma = this.slices(sigma.map(Math.log));
    this.at = { beta: null, mu: new Float32Array(this.size), sigma: new Float32Array(this.size) };
  }

  static async open(url) {
    const file = await openSafetensors(url);
    return new Atlas(await file.read(["betas", "mu", "sigma"]));
  }

  /** The side of a square about the origin that holds nearly all means at β; it changes smoothly with β. */
  span(beta) {
    this.reaches ??= this.mu.map((values) => quantile(values.map(Math.abs), WITHIN));
    const [k, t] = this.bracket(beta);
    return 2 * ROOM * this.reaches[k] ** (1 - t) * (this.reaches[k + 1] ?? this.reaches[k]) ** t;
  }

  slices(values) {
    return Array.from(this.betas, (_, k) => values.subarray(k * this.size, (k + 1) * this.size));
  }

  /** Means and widths at β: x0, y0, x1, y1, … The arrays are reused by the next call. */
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
