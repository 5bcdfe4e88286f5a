/** Flows of points in the browser: the couplings that torch runs, on the same weights (`explorer/models/plane_flow.py`). */

import { applyBatch, BATCH, silu } from "../kit/plane/mlp.js";
import { openSafetensors } from "../kit/plane/tensors.js";
import { curveOf, KINDS, undoPart } from "./bijections.js";

const LOG_2_PI = Math.log(2 * Math.PI);
const DENSE = [0, 2, 4]; // the layers of a coupling's network that have weights

/** log N(z; 0, I) of the point at a place of z0, z1, … */
export const standardNormal = (z, i = 0) => -0.5 * (z[i] ** 2 + z[i + 1] ** 2) - LOG_2_PI;

/** A file of flows: `read(kind, depth)` resolves to one of them. */
export async function openFlows(url) {
  const file = await openSafetensors(url);

  async function read(kind, depth) {
    const nameOf = (layer, dense) => `flows.${kind}-${depth}.transforms.${layer}.theta.${dense}`;
    const dense = Array.from({ length: depth }, (_, layer) => DENSE.map((each) => nameOf(layer, each)));
    const tensors = await file.read(dense.flat().flatMap((name) => [`${name}.weight`, `${name}.bias`]));
    const couplings = dense.map((names, layer) => {
      const mlp = names.map((name) => {
        const [outputs, inputs] = file.shape(`${name}.weight`);
        return { outputs, inputs, weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] };
      });
      return new Coupling(kind, 1 - (layer % 2), mlp);
    });
    return new PlaneFlow(couplings);
  }

  return { read };
}

/** Bends one coordinate of points, by curves that a network says of the other. */
class Coupling {
  /** `moved` is which coordinate is bent, 0 or 1; `mlp` the layers of the network. */
  constructor(kind, moved, mlp) {
    if (mlp[0].inputs !== 1 || mlp.at(-1).outputs !== KINDS[kind]) throw new Error("these are no curves of that kind");
    Object.assign(this, { kind, moved, mlp });
    this.widest = Math.max(...mlp.map(({ outputs }) => outputs));
    this.buffers = [0, 1].map(() => new Float64Array(BATCH * this.widest));
    this.scales = mlp.map(({ outputs, bias }) => ({
      gain: new Float64Array(outputs).fill(1),
      shift: Float64Array.from(bias),
    }));
  }

  /** Calls `take(curve, i)` for each of the points x0, y0, x1, y1, … */
  curves(points, take) {
    const count = points.length / 2;
    const { widest, moved } = this;
    for (let first = 0; first < count; first += BATCH) {
      const rows = Math.min(BATCH, count - first);
      for (let r = 0; r < rows; r++) this.buffers[0][r * widest] = points[2 * (first + r) + 1 - moved];
      const theta = this.theta();
      for (let r = 0; r < rows; r++) take(curveOf(this.kind, theta, r * widest), first + r);
    }
  }

  /** Runs what lies in the first buffer through the network. */
  theta() {
    let [input, output] = this.buffers;
    this.mlp.forEach((layer, i) => {
      applyBatch(layer, this.scales[i], input, output, this.widest);
      if (i < this.mlp.length - 1) {
        for (let r = 0; r < BATCH; r++) silu(output, r * this.widest, layer.outputs);
      }
      [input, output] = [output, input];
    });
    return input;
  }

  /** f(x) of points, and log |det J| of each. */
  forward(points) {
    const out = Float64Array.from(points);
    const logDet = new Float64Array(points.length / 2);
    this.curves(points, (curve, i) => {
      [out[2 * i + this.moved], logDet[i]] = curve.forward(points[2 * i + this.moved]);
    });
    return { points: out, logDet };
  }

  /** The points of which a `share` of the way to the layer makes these. */
  inverse(points, share = 1) {
    const out = Float64Array.from(points);
    this.curves(points, (curve, i) => {
      const y = points[2 * i + this.moved];
      out[2 * i + this.moved] = share < 1 ? undoPart(curve, share, y) : curve.inverse(y);
    });
    return out;
  }
}

/** Couplings in the order from x to z. */
class PlaneFlow {
  constructor(couplings) {
    this.couplings = couplings;
  }

  get depth() {
    return this.couplings.length;
  }

  /** All states of points from x to z, x first, and log |det J| of each layer at each point. */
  states(x) {
    const states = [Float64Array.from(x)];
    const logDets = this.couplings.map((coupling) => {
      const { points, logDet } = coupling.forward(states.at(-1));
      states.push(points);
      return logDet;
    });
    return { states, logDets };
  }

  /** All states of points from x to z, of points that are z. */
  statesBack(z) {
    const states = [Float64Array.from(z)];
    for (const coupling of [...this.couplings].reverse()) states.unshift(coupling.inverse(states[0]));
    return states;
  }

  /** The x of points at a place on the way to z, which counts layers and lies between two of them where it is no whole number. */
  undo(points, place) {
    const whole = Math.floor(place);
    let x = place > whole ? this.couplings[whole].inverse(points, place - whole) : points;
    for (const coupling of this.couplings.slice(0, whole).reverse()) x = coupling.inverse(x);
    return x;
  }

  /** log p of states after so many layers, in the coordinates that they have there, and log |det J| of the next layer. */
  densityAfter(points, layers) {
    const logP = new Float64Array(points.length / 2);
    let [x, next] = [points, null];
    for (const coupling of this.couplings.slice(layers)) {
      const { points: y, logDet } = coupling.forward(x);
      for (let i = 0; i < logP.length; i++) logP[i] += logDet[i];
      next ??= logDet;
      x = y;
    }
    for (let i = 0; i < logP.length; i++) logP[i] += standardNormal(x, 2 * i);
    return { logP, next: next ?? new Float64Array(logP.length) };
  }
}
