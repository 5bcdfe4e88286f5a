/** Velocities of points in the browser: the networks that torch runs (`explorer/models/plane_flow_matching.py`). */

import { readDense } from "../kit/plane/dense.js";
import { silu } from "../kit/plane/mlp.js";

const [FREQUENCIES, BLOCKS, EDGE] = [4, 3, 0.03];
const INPUTS = 2 + 2 + 2 * FREQUENCIES;
const PARTS = ["first.", ...Array.from({ length: BLOCKS }, (_, i) => `blocks.${i}.`), "last."];

/** Reads the network of each coupling from a safetensors file, by the coupling's name. */
export async function readVelocities(url, couplings) {
  const parts = await readDense(url, couplings.flatMap((name) => PARTS.map((part) => `nets.${name}.${part}`)));
  return Object.fromEntries(couplings.map((name, i) => {
    const [first, ...rest] = parts.slice(i * PARTS.length, (i + 1) * PARTS.length);
    if (first.inputs !== INPUTS || rest.at(-1).outputs !== 2) throw new Error(`${url} holds no velocities of points`);
    return [name, velocityOf(first, rest.slice(0, -1), rest.at(-1))];
  }));
}

/** `velocity(points, t)` at points x0, y0, x1, y1, … */
const velocityOf = (first, blocks, last) => (points, t) => {
  const h = first.at(points, timeFeatures(t));
  for (const block of blocks) block.run(bent(h)).forEach((value, i) => (h[i] += value));
  return last.run(bent(h));
};

function bent(h) {
  const out = h.slice();
  silu(out, 0, out.length);
  return out;
}

function timeFeatures(t) {
  const angles = Array.from({ length: FREQUENCIES }, (_, k) => 2 ** k * Math.PI * t);
  return [t, Math.log(1 - t + EDGE), ...angles.map(Math.sin), ...angles.map(Math.cos)];
}
