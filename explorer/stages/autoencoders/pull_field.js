/** Denoising autoencoders of points in the browser: their pull beside a known score, and where it takes points. */

import { gaussians, uniforms } from "../kit/plane/random.js";
import { readDense } from "../kit/plane/dense.js";
import { ARROWS, gridOf } from "../kit/plane/field_paint.js";
import { densityAt, sharesAt } from "../kit/plane/mixture.js";

const SHADES = 56;
const MEASURED = 400;
const SEED = 1;
export const AGAIN = 20; // times a dropped point is rebuilt

const GRID = gridOf(ARROWS);
const PLACES = gridOf(SHADES);

/** The mixture p * N(0, σ² I), as `densityAt` wants it. */
const widened = ({ means, sigma }, more) => ({
  xs: Float64Array.from(means, ([x]) => x),
  ys: Float64Array.from(means, ([, y]) => y),
  variance: sigma ** 2 + more ** 2,
});

/** Reads the networks of all widths. */
export async function readPulls(url, { known, sigmas }) {
  const nets = await readDense(url, sigmas.map((_, i) => `nets.${i}.`));
  return sigmas.map((sigma, i) => new PullField(nets[i], sigma, known));
}

class PullField {
  constructor(net, sigma, known) {
    Object.assign(this, { net, sigma, known, kept: {} });
    this.total = Math.hypot(sigma, known.sigma);
  }

  /** (r(x) − x) / σ² at points. */
  pull(points) {
    return this.net.run(points).map((value) => value / this.sigma);
  }

  /** r(x) of points. */
  rebuilt(points) {
    const found = this.net.run(points);
    return points.map((value, i) => value + this.sigma * found[i]);
  }

  /** ∇log p at points, of the "noised" density or of the "clean" one. */
  score(points, which) {
    const mixture = widened(this.known, which === "noised" ? this.sigma : 0);
    const out = new Float64Array(points.length);
    for (let i = 0; i < points.length; i += 2) out.set(densityAt(mixture, points[i], points[i + 1]).score, i);
    return out;
  }

  /** What a plane is painted of: the density, and both fields as arrows, which point against what they are given. */
  level(which) {
    return (this.kept[which] ??= {
      density: this.shades(which),
      arrows: {
        points: GRID,
        learned: this.pull(GRID).map((value) => -this.total * value),
        exact: this.score(GRID, which).map((value) => -this.total * value),
      },
    });
  }

  shades(which) {
    return sharesAt(widened(this.known, which === "noised" ? this.sigma : 0), PLACES);
  }

  /** Mean ‖pull − score‖² over mean ‖score‖², of points of the density whose score it is. */
  off(which) {
    return (this.kept[`off ${which}`] ??= this.measure(which));
  }

  measure(which) {
    const [uniform, gaussian] = [uniforms(SEED), gaussians(SEED)];
    const { means, sigma } = this.known;
    const width = which === "noised" ? this.total : sigma;
    const points = new Float32Array(2 * MEASURED);
    for (let i = 0; i < MEASURED; i++) {
      const [x, y] = means[Math.floor(uniform() * means.length)];
      points.set([x + width * gaussian(), y + width * gaussian()], 2 * i);
    }
    const [found, exact] = [this.pull(points), this.score(points, which)];
    let [off, size] = [0, 0];
    exact.forEach((value, i) => {
      off += (found[i] - value) ** 2;
      size += value ** 2;
    });
    return off / size;
  }

  /** Where points are after 0, 1, … rebuildings. */
  walk(starts) {
    const frames = [Float64Array.from(starts)];
    for (let k = 0; k < AGAIN && starts.length; k++) frames.push(Float64Array.from(this.rebuilt(frames.at(-1))));
    return frames.map((ode) => ({ ode }));
  }
}
