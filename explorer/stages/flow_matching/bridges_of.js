/**
 * Entropic couplings of two clouds, and the Schrödinger bridges between them: the coupling P of least
 * E |x − y|² ÷ 2 + ε KL(P ‖ a ⊗ b), by the stabilised algorithm of Sinkhorn (Cuturi 2013; Schmitzer 2019), and Brownian
 * bridges of variance ε t (1 − t) between coupled ends.
 */

import { sum } from "../kit/base/sums.js";
import { gaussians, uniforms } from "../kit/plane/random.js";

const TOLERANCE = 1e-8; // of the marginals, as a sum over the rows
const ROUNDS = 20_000; // of scalings at the last ε, at most
const EARLIER = 200; // at each larger ε, from which the next one starts
const ABSORBED = 30; // the size of a logarithm of a scaling at which it goes into a potential
const SHRINKS = 2; // by which ε falls at once
const FIRST = 4; // the largest ε from which a solution starts

/** Half the squared distances of points x0, y0, x1, …: row by row. */
export function costs(a, b) {
  const [n, m] = [a.length / 2, b.length / 2];
  return Float64Array.from({ length: n * m }, (_, k) => {
    const [i, j] = [2 * Math.floor(k / m), 2 * (k % m)];
    return ((a[i] - b[j]) ** 2 + (a[i + 1] - b[j + 1]) ** 2) / 2;
  });
}

const even = (n) => new Float64Array(n).fill(1 / n);

/** Scales the kernel of these potentials until its marginals are a and b; the potentials of before are changed. */
function scaled(cost, a, b, epsilon, { f, g }, rounds) {
  const [n, m] = [a.length, b.length];
  const kernel = new Float64Array(n * m);
  let [u, v] = [new Float64Array(n).fill(1), new Float64Array(m).fill(1)];
  const fill = () => {
    for (let i = 0, k = 0; i < n; i++) {
      for (let j = 0; j < m; j++, k++) kernel[k] = a[i] * b[j] * Math.exp((f[i] + g[j] - cost[k]) / epsilon);
    }
  };
  const absorb = () => {
    for (let i = 0; i < n; i++) f[i] += epsilon * Math.log(u[i]);
    for (let j = 0; j < m; j++) g[j] += epsilon * Math.log(v[j]);
    [u, v] = [u.fill(1), v.fill(1)];
    fill();
  };
  fill();
  if (!kernel.every((each) => each < 1e200)) relax();

  /** Potentials by the logarithms themselves, where those of before fit badly. */
  function relax() {
    for (let i = 0; i < n; i++) {
      f[i] = -softMost(m, (j) => (g[j] - cost[i * m + j]) / epsilon + Math.log(b[j])) * epsilon;
    }
    fill();
  }
  for (let round = 0; round < rounds; round++) {
    let [off, largest] = [0, 0];
    for (let i = 0; i < n; i++) {
      let total = 0;
      for (let j = 0, k = i * m; j < m; j++, k++) total += kernel[k] * v[j];
      off += Math.abs(u[i] * total - a[i]);
      u[i] = a[i] / total;
      largest = Math.max(largest, Math.abs(Math.log(u[i])));
    }
    if (round && off < TOLERANCE) break;
    const columns = new Float64Array(m);
    for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < m; j++, k++) columns[j] += kernel[k] * u[i];
    for (let j = 0; j < m; j++) {
      v[j] = b[j] / columns[j];
      largest = Math.max(largest, Math.abs(Math.log(v[j])));
    }
    if (largest > ABSORBED) absorb();
  }
  absorb();
  return kernel;
}

/** log Σ exp of so many values. */
function softMost(count, of) {
  const values = Array.from({ length: count }, (_, j) => of(j));
  const most = Math.max(...values);
  return most + Math.log(sum(values.map((each) => Math.exp(each - most))));
}

/**
 * The entropic coupling of two sets at ε, row by row: from larger ε, each of which starts the next one.
 * @param {Float64Array} cost @param {number} epsilon @param {Float64Array} a @param {Float64Array} b weights, sum 1 each
 */
export function coupling(cost, epsilon, a = even(Math.sqrt(cost.length)), b = a) {
  const potentials = { f: new Float64Array(a.length), g: new Float64Array(b.length) };
  for (let larger = FIRST; larger > epsilon * SHRINKS; larger /= SHRINKS) {
    scaled(cost, a, b, larger, potentials, EARLIER);
  }
  return scaled(cost, a, b, epsilon, potentials, ROUNDS);
}

/** What is measured of a coupling: E |x − y|², the mutual information in nats, and how far its marginals are off. */
export function measured(plan, cost, a = even(Math.sqrt(cost.length)), b = a) {
  let [squares, information, off] = [0, 0, 0];
  const columns = new Float64Array(b.length);
  for (let i = 0, k = 0; i < a.length; i++) {
    let row = 0;
    for (let j = 0; j < b.length; j++, k++) {
      row += plan[k];
      columns[j] += plan[k];
      squares += 2 * plan[k] * cost[k];
      if (plan[k] > 0) information += plan[k] * Math.log(plan[k] / (a[i] * b[j]));
    }
    off = Math.max(off, Math.abs(row - a[i]));
  }
  columns.forEach((each, j) => (off = Math.max(off, Math.abs(each - b[j]))));
  return { squares, information, off };
}

/** The partner of each row, drawn from a coupling. */
export function partners(plan, n, seed) {
  const uniform = uniforms(seed);
  return Array.from({ length: n }, (_, i) => {
    let [j, left] = [0, uniform() / n - plan[i * n]];
    while (left >= 0 && j < n - 1) left -= plan[i * n + ++j];
    return j;
  });
}

/**
 * States of Brownian bridges between points and their partners, from t = 0 to 1.
 * @param {Float32Array} from @param {Float32Array} to @param {number[]} pairs @param {{epsilon: number, steps: number,
 * seed: number}} how
 */
export function bridges(from, to, pairs, { epsilon, steps, seed }) {
  const gaussian = gaussians(seed);
  const states = [Float64Array.from(from)];
  const end = Float64Array.from(from, (_, i) => to[2 * pairs[i >> 1] + (i % 2)]);
  for (let k = 0; k < steps; k++) {
    const [t, dt] = [k / steps, 1 / steps];
    const spread = Math.sqrt(epsilon * dt * (1 - t - dt) / (1 - t)); // of the bridge's next state, given this one
    states.push(states[k].map((x, i) => x + ((end[i] - x) * dt) / (1 - t) + Math.max(0, spread || 0) * gaussian()));
  }
  return states;
}
