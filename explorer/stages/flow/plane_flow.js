/** Flows of points in the browser: the couplings that torch runs, on the same weights (`explorer/models/plane_flow.py`). */

import { readDense } from "../kit/plane/dense.js";
import { curveOf, KINDS, undoPart } from "./bijections.js";

const LOG_2_PI = Math.log(2 * Math.PI);

/** log N(z; 0, I) of the point at a place of z0, z1, … */
export const standardNormal = (z, i = 0) => -0.5 * (z[i] ** 2 + z[i + 1] ** 2) - LOG_2_PI;

/** Resolves to the flow of a kind and a depth in a file. */
export async function readFlow(url, kind, depth) {
  const prefixes = Array.from({ length: depth }, (_, layer) => `flows.${kind}-${depth}.transforms.${layer}.theta.`);
  const nets = await readDense(url, prefixes, Float64Array);
  return new PlaneFlow(nets.map((net, layer) => new Coupling(kind, 1 - (layer % 2), net)));
}

/** Bends one coordinate of points, by curves that a network says of the other. */
class Coupling {
  /**
   * `moved` is which coordinate is bent, 0 or 1; `net` says the curves.
   * @param {string} kind @param {number} moved @param {Awaited<ReturnType<typeof readDense>>[number]} net
   */
  constructor(kind, moved, net) {
    if (net.inputs !== 1 || net.outputs !== KINDS[kind]) throw new Error("these are no curves of that kind");
    this.kind = kind;
    this.moved = moved;
    this.net = net;
  }

  /** Calls `take(curve, i)` for each of the points x0, y0, x1, y1, … */
  curves(points, take) {
    const seen = Float64Array.from({ length: points.length / 2 }, (_, i) => points[2 * i + 1 - this.moved]);
    this.net.each(seen, (theta, at, i) => take(curveOf(this.kind, theta, at), i));
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

  /** The points that a `share` of the layer maps to these. */
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

  /** The x of points at a place on the path to z; a place counts layers, and a fraction lies between two of them. */
  undo(points, place) {
    const whole = Math.floor(place);
    let x = place > whole ? this.couplings[whole].inverse(points, place - whole) : points;
    for (const coupling of this.couplings.slice(0, whole).reverse()) x = coupling.inverse(x);
    return x;
  }

  /** log p of states after `layers` layers, in the coordinates of that layer, and log |det J| of the next layer. */
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
