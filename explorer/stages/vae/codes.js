/** The encoded test images as a cloud at one β, and a way from one of them to another. */
import { spherical, straight } from "../kit/plane/spherical.js";

/** Radius of *near*, as a part of the cloud's spread, so that clouds of any size compare. */
const NEAR = 0.15;

/** The means at β as a copy: x0, y0, x1, y1, … */
export function codesAt({ store, model: { atlas } }, beta) {
  const mu = atlas.points(beta).mu.slice();
  atlas.points(store.get().beta);
  return mu;
}

export const codeOf = (mu, index) => [mu[2 * index], mu[2 * index + 1]];

/** The spread of all posteriors taken together, their typical width, and the furthest mean. */
export function cloudOf({ mu, sigma }) {
  const count = mu.length / 2;
  const sums = { mean: [0, 0], square: [0, 0], log: 0, furthest: 0 };
  for (let i = 0; i < count; i++) {
    for (const axis of [0, 1]) {
      const [m, s] = [mu[2 * i + axis], sigma[2 * i + axis]];
      sums.mean[axis] += m / count;
      sums.square[axis] += (m * m + s * s) / count;
      sums.log += Math.log(s) / (2 * count);
    }
    sums.furthest = Math.max(sums.furthest, Math.hypot(mu[2 * i], mu[2 * i + 1]));
  }
  const [across, up] = sums.mean.map((mean, axis) => Math.sqrt(sums.square[axis] - mean * mean));
  return { across, up, width: Math.exp(sums.log), furthest: sums.furthest, codes: count.toLocaleString("en") };
}

/** The root-mean-square distance of the codes from their centre. */
function spreadOf(mu) {
  const count = mu.length / 2;
  const centre = [0, 1].map((axis) => mu.reduce((sum, value, i) => (i % 2 === axis ? sum + value : sum), 0) / count);
  return Math.sqrt(mu.reduce((sum, value, i) => sum + (value - centre[i % 2]) ** 2, 0) / count);
}

const nearRadius = (mu) => NEAR * spreadOf(mu);

/** @param {ArrayLike<number>} mu @param {Point} place @param {number} radius */
function countNear(mu, [x, y], radius) {
  let count = 0;
  for (let i = 0; i < mu.length; i += 2) {
    if ((mu[i] - x) ** 2 + (mu[i + 1] - y) ** 2 < radius * radius) count++;
  }
  return count;
}

/** The images of one class, the one whose code lies nearest to the class's mean first. */
export function typical(mu, labels, label) {
  const members = [...labels.keys()].filter((i) => labels[i] === label);
  const mean = [0, 1].map((axis) => members.reduce((sum, i) => sum + mu[2 * i + axis], 0) / members.length);
  const distance = (i) => Math.hypot(mu[2 * i] - mean[0], mu[2 * i + 1] - mean[1]);
  return members.sort((i, j) => distance(i) - distance(j));
}

/** The way from image a to image b in the plane of one β; every frame is decoded when it is first wanted. */
export class Path {
  constructor(ctx, { beta, a, b, path, frames }) {
    const mu = codesAt(ctx, beta);
    const [from, to] = [codeOf(mu, a), codeOf(mu, b)];
    const along = path === "spherical" ? spherical : straight;
    this.decode = (z) => ctx.decode(z, beta);
    this.beta = beta;
    const radius = nearRadius(mu);
    this.points = Array.from({ length: frames }, (_, i) => along(from, to, i / (frames - 1)));
    this.counts = this.points.map((z) => countNear(mu, z, radius));
    this.images = [];
  }

  image(index) {
    return (this.images[index] ??= this.decode(this.points[index]));
  }

  /** The frame of the middle half with the fewest encoded images near it. */
  get emptiest() {
    const quarter = Math.floor(this.counts.length / 4);
    const middle = this.counts.slice(quarter, this.counts.length - quarter);
    return quarter + middle.indexOf(Math.min(...middle));
  }
}
