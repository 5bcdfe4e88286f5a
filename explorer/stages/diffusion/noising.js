/** Forward process of an image: xₜ = √ᾱₜ x₀ + √(1 − ᾱₜ) ε, and a test of how Gaussian its pixels are. */

import { gaussians } from "../kit/plane/random.js";
import { PIXELS } from "../kit/image/pixels.js";

const BINS = 48;
/** End of the histogram; what is beyond falls into its last bins. */
export const END = 3.5;
const WIDTH = (2 * END) / BINS;

/** ε of a seed: 784 standard Gaussian numbers. */
export function noiseOf(seed) {
  const next = gaussians(seed);
  return Float32Array.from({ length: PIXELS }, () => next());
}

/** xₜ in the network's scale, −1 to 1 for what is not noise; `out` is filled where it is given. */
export function addNoise(x0, eps, alpha, out = new Float32Array(PIXELS)) {
  const [signal, noise] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
  for (let i = 0; i < PIXELS; i++) out[i] = signal * x0[i] + noise * eps[i];
  return out;
}

/** As grey levels 0…1 that a screen can show; what is beyond black or white is cut there. */
export const toGrey = (x) => Float32Array.from(x, (value) => Math.max(0, Math.min(1, (value + 1) / 2)));

/** The mean and the standard deviation of pixels. */
export function momentsOf(x) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return { mean, deviation: Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length) };
}

/** The histogram of pixels, as a density: [{x0, x1, y}]. */
export function histogramOf(x) {
  const counts = new Float64Array(BINS);
  for (const value of x) counts[Math.max(0, Math.min(BINS - 1, Math.floor((value + END) / WIDTH)))] += 1;
  return Array.from(
    counts,
    (count, i) => ({ x0: i * WIDTH - END, x1: (i + 1) * WIDTH - END, y: count / (x.length * WIDTH) }),
  );
}

/** The density of a standard Gaussian, as points of a line. */
export const GAUSSIAN = Array.from({ length: 71 }, (_, i) => {
  const x = (i / 35 - 1) * END;
  return [x, Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)];
});
