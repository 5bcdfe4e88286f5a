/**
 * One family of paths x_t = α_t x₁ + σ_t x₀ from noise x₀ to a Gaussian mixture x₁: marginals, velocities and scores are
 * exact, and every noise ε_t of the SDE keeps the same marginals (Albergo et al. 2023, section 2.4).
 */

import { mean } from "../kit/base/sums.js";
import { ofValues } from "../kit/base/verdict.js";
import { gaussians, uniforms } from "../kit/plane/random.js";

/** Times of the values that bend each curve; those at 0 and 1 are fixed. */
export const KNOTS = { alpha: [1 / 4, 1 / 2, 3 / 4], sigma: [1 / 3, 2 / 3], epsilon: [1 / 4, 1 / 2, 3 / 4] };
const [LEAST_BETA, MOST_BETA] = [0.1, 20]; // of VP (Song et al. 2021, appendix C)
const [LEAST_SIGMA, MOST_SIGMA] = [0.01, 5]; // of VE
const END = 1 - 1e-6; // the latest time of a derivative: the noise of VP begins vertically
const LEAST = 1e-6; // of a noise by which is divided
const FAR = 30; // nats below the nearest centre, at which a centre counts as nothing
const GROUPS = 8; // sets of points of which each distance is a mean
const EXACT_STEPS = 60; // of Heun's method, from which the error of Euler's is measured
const EXACT_POINTS = 48;

/** The curves of each preset at a time: [α, dα/dt, σ, dσ/dt]. */
const CURVES = {
  rectified: (t) => [t, 1, 1 - t, -1],
  trigonometric(t) {
    const [sin, cos, rate] = [Math.sin((Math.PI * t) / 2), Math.cos((Math.PI * t) / 2), Math.PI / 2];
    return [sin, rate * cos, cos, -rate * sin];
  },
  vp(t) {
    const s = 1 - t;
    const beta = LEAST_BETA + (MOST_BETA - LEAST_BETA) * s;
    const kept = Math.exp(-LEAST_BETA * s - ((MOST_BETA - LEAST_BETA) * s * s) / 2); // ᾱ
    const [alpha, sigma] = [Math.sqrt(kept), Math.sqrt(1 - kept)];
    return [alpha, (alpha * beta) / 2, sigma, (-beta * kept) / (2 * sigma)];
  },
  ve(t) {
    const ratio = MOST_SIGMA / LEAST_SIGMA;
    const sigma = LEAST_SIGMA * ratio ** (1 - t);
    return [1, 0, sigma, -Math.log(ratio) * sigma];
  },
};

/**
 * A curve through values at even times, 0 at both ends, and its derivative, by monotone cubic pieces (Fritsch & Carlson 1980): where
 * no value is below 0, the curve is not either.
 * @param {number[]} values those between the ends @param {number} t @returns {[value: number, rate: number]}
 */
export function through(values, t) {
  const [all, h] = [[0, ...values, 0], 1 / (values.length + 1)];
  const rise = (i) => (all[i + 1] - all[i]) / h;
  const slope = (i) => {
    if (i === 0) return rise(0);
    if (i === all.length - 1) return rise(i - 1);
    const [a, b] = [rise(i - 1), rise(i)];
    return a * b > 0 ? (2 * a * b) / (a + b) : 0;
  };
  const i = Math.min(values.length, Math.floor(t / h));
  const u = t / h - i;
  const [from, to, a, b] = [all[i], all[i + 1], h * slope(i), h * slope(i + 1)];
  const value = from + u * (a + u * (3 * (to - from) - 2 * a - b + u * (2 * (from - to) + a + b)));
  const rate = a + u * (2 * (3 * (to - from) - 2 * a - b) + 3 * u * (2 * (from - to) + a + b));
  return [value, rate / h];
}

/**
 * α, σ and ε at a time, with the derivatives of α and σ; `bent` is added to α, then to σ, at `KNOTS`.
 * @param {{path: string, bent: number[], noise: number[]}} family @param {number} t
 */
export function curvesAt({ path, bent, noise }, t) {
  const at = Math.min(END, t);
  const [alpha, alphaRate, sigma, sigmaRate] = CURVES[path](at);
  const [up, upRate] = through(bent.slice(0, KNOTS.alpha.length), at);
  const [more, moreRate] = through(bent.slice(KNOTS.alpha.length), at);
  return {
    ...{ alpha: alpha + up, alphaRate: alphaRate + upRate, sigma: sigma + more, sigmaRate: sigmaRate + moreRate },
    epsilon: Math.max(0, through(noise, t)[0]),
  };
}

/** The mixture of x_t: its centres, and the variance of each Gaussian. */
export function marginalAt({ means, sigma }, curves) {
  return {
    xs: Float64Array.from(means, ([x]) => curves.alpha * x),
    ys: Float64Array.from(means, ([, y]) => curves.alpha * y),
    variance: (curves.alpha * sigma) ** 2 + curves.sigma ** 2,
  };
}

/** Of each point x0, y0, x1, …, the mean of the centres of its Gaussians, at which x_t would be centred. */
function centresAt({ xs, ys, variance }, points) {
  const out = new Float64Array(points.length);
  const scale = 1 / (2 * variance);
  const squares = new Float64Array(xs.length);
  for (let i = 0; i < points.length; i += 2) {
    let nearest = Infinity;
    for (let k = 0; k < xs.length; k++) {
      const [dx, dy] = [points[i] - xs[k], points[i + 1] - ys[k]];
      squares[k] = (dx * dx + dy * dy) * scale;
      if (squares[k] < nearest) nearest = squares[k];
    }
    let [total, x, y] = [0, 0, 0];
    for (let k = 0; k < xs.length; k++) {
      if (squares[k] - nearest > FAR) continue;
      const weight = Math.exp(nearest - squares[k]);
      total += weight;
      x += weight * xs[k];
      y += weight * ys[k];
    }
    out[i] = x / total;
    out[i + 1] = y / total;
  }
  return out;
}

/** Mean velocities and scores of points at a time. */
function fieldsAt(toy, curves, points) {
  const marginal = marginalAt(toy, curves);
  const { alpha, alphaRate, sigma, sigmaRate } = curves;
  const centres = centresAt(marginal, points);
  const [v, score] = [new Float64Array(points.length), new Float64Array(points.length)];
  const rate = alpha * alphaRate * toy.sigma ** 2 + sigma * sigmaRate;
  const isStill = Math.abs(alpha) < LEAST; // then the centres of x_t tell nothing of those of the data
  const means = isStill ? centresOfData(toy, points) : null;
  for (let i = 0; i < points.length; i++) {
    score[i] = (centres[i] - points[i]) / marginal.variance;
    v[i] = alphaRate * (isStill ? means[i] : centres[i] / alpha) - rate * score[i];
  }
  return { v, score };
}

/** The mean of all centres, for each point: what is known of the data where x_t is noise alone. */
const centresOfData = ({ means }, points) =>
  Float64Array.from(points, (_, i) => mean(means.map((each) => each[i % 2])));

/**
 * All words for one prediction at a point: the means of data and noise given x_t, the velocity, the score and the log-SNR.
 * @param {{means: Point[], sigma: number}} toy @param {ReturnType<typeof curvesAt>} curves @param {Point} point
 */
export function wordsAt(toy, curves, point) {
  const { alpha, sigma } = curves;
  const { v, score } = fieldsAt(toy, curves, Float64Array.from(point));
  const noise = [...score].map((value) => -sigma * value);
  const centre = point.map((value, i) => value + marginalAt(toy, curves).variance * score[i]);
  const data = Math.abs(alpha) < LEAST
    ? [...centresOfData(toy, point)]
    : point.map((_, i) => centre[i] / alpha - alpha * toy.sigma ** 2 * score[i]);
  return { data, noise, velocity: [...v], score: [...score], snr: snrOf(curves) };
}

/** log (α² ÷ σ²), in nats. */
export const snrOf = ({ alpha, sigma }) => 2 * Math.log(Math.abs(alpha) / Math.abs(sigma));

/** Independent points of x_t: x0, y0, x1, … */
export function drawn({ means, sigma }, curves, { count, uniform, gaussian }) {
  const points = new Float64Array(2 * count);
  const width = Math.hypot(curves.alpha * sigma, curves.sigma);
  for (let i = 0; i < points.length; i += 2) {
    const middle = means[Math.floor(uniform() * means.length)];
    points[i] = curves.alpha * middle[0] + width * gaussian();
    points[i + 1] = curves.alpha * middle[1] + width * gaussian();
  }
  return points;
}

/**
 * States of the same points at the times of Euler's method, or of Euler & Maruyama's with the noise ε_t, `until` a step:
 * dx = (v + ε s) dt + √(2 ε) dW.
 */
function walk(toy, family, { from, steps, isNoisy, seed, until = steps }) {
  const gaussian = gaussians(seed);
  const dt = 1 / steps;
  const states = [from];
  for (let k = 0; k < until; k++) {
    const [before, curves] = [states[k], curvesAt(family, k * dt)];
    const { v, score } = fieldsAt(toy, curves, before);
    const epsilon = isNoisy ? curves.epsilon : 0;
    const kick = Math.sqrt(2 * epsilon * dt);
    states.push(
      before.map((x, i) => x + dt * (v[i] + epsilon * score[i]) + (isNoisy ? kick * gaussian() : 0)),
    );
  }
  return states;
}

/**
 * Ends of the ODE by Heun's method from the first of these points, and how much longer than straight lines its paths are.
 * @param {{means: Point[], sigma: number}} toy @param {Float64Array} points
 */
export function exactly(toy, family, points) {
  const from = points.subarray(0, 2 * EXACT_POINTS);
  let [x, length] = [from, 0];
  const dt = 1 / EXACT_STEPS;
  for (let k = 0; k < EXACT_STEPS; k++) {
    const here = fieldsAt(toy, curvesAt(family, k * dt), x).v;
    const ahead = fieldsAt(toy, curvesAt(family, (k + 1) * dt), x.map((each, i) => each + dt * here[i])).v;
    const next = x.map((each, i) => each + (dt * (here[i] + ahead[i])) / 2);
    length += apart(x, next);
    x = next;
  }
  return { ends: x, longer: length / apart(from, x) - 1 };
}

/** The sum of the distances of two lists of points, in pairs. */
function apart(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1]);
  return sum;
}

/** The mean distance of two sets of points; of one set with itself, of different points. */
function distance(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) {
    for (let j = 0; j < b.length; j += 2) {
      const [dx, dy] = [a[i] - b[j], a[i + 1] - b[j + 1]];
      sum += Math.sqrt(dx * dx + dy * dy);
    }
  }
  const [n, m] = [a.length / 2, b.length / 2];
  return sum / (n * (a === b ? n - 1 : m));
}

/** Squared energy distance of two sets, without bias: the mean of groups, each of other points. */
function energyDistance(a, b, scale = 1) {
  const size = 2 * Math.floor(a.length / 2 / GROUPS);
  return ofValues(Array.from({ length: GROUPS }, (_, g) => {
    const [one, other] = [a, b].map((each) => each.subarray(g * size, (g + 1) * size));
    return (2 * distance(one, other) - distance(one, one) - distance(other, other)) / scale;
  }));
}

/** Draws of both walks: so many points, from a seed. */
const drawsOf = ({ seed, count }) => ({ count, uniform: uniforms(seed), gaussian: gaussians(seed + 1) });

/**
 * States of the ODE, or of the SDE from the same points, drawn at t = 0.
 * @param {{means: Point[], sigma: number}} toy @param {{path: string, bent: number[], noise: number[]}} family
 * @param {{steps: number, seed: number, count: number, isNoisy: boolean, until?: number}} how
 */
export function walkFrom(toy, family, { steps, seed, count, isNoisy, until = steps }) {
  const from = drawn(toy, curvesAt(family, 0), drawsOf({ seed, count }));
  return walk(toy, family, { from, steps, isNoisy, seed: seed + 2, until });
}

/** Distance of an end of Euler's method from the exact one (root mean square). */
export function errorOf(ends, exact) {
  const squares = [...exact].map((x, i) => (x - ends[i]) ** 2);
  return Math.sqrt(2 * mean(squares)); // of a point, not of a coordinate
}

/**
 * Squared energy distances of both walks, and of a second fresh set, to fresh points of the exact marginal, in units of
 * √(α² + σ²).
 * @param {{means: Point[], sigma: number}} toy @param {ReturnType<typeof curvesAt>} curves
 */
export function distancesAt(toy, curves, { ode, sde }, { seed }) {
  const draws = drawsOf({ seed: seed + 3, count: ode.length / 2 });
  const [fresh, other] = [drawn(toy, curves, draws), drawn(toy, curves, draws)];
  const scale = Math.hypot(curves.alpha, curves.sigma);
  const [of, to, floor] = [ode, sde, other].map((each) => energyDistance(each, fresh, scale));
  return { ode: of, sde: to, fresh: floor };
}
