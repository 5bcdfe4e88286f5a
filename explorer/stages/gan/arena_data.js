/** Content of a frame of a game, read once: points of the plane, and surfaces over it. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { plane } from "../spaces/plane.js";

/** Distance from the middle of the plane to its edge. */
export const VIEW = 2.2;

const known = new WeakMap();

/** A surface as shares of its highest value. */
const sharesOf = (text) => Float32Array.from(fromBase64(text), (value) => value / 255);

/** The frame of a game, a race or a standstill, with arrays for text. */
export function readFrame(frame) {
  if (!known.has(frame)) known.set(frame, arraysOf(frame));
  return known.get(frame);
}

function arraysOf({ x, real, pulls, longest, d, best, critic_d }) {
  return {
    made: x,
    real: real ? plane.read(fromBase64(real)) : null,
    pulls: pulls ? plane.read(fromBase64(pulls), longest) : null,
    d: d ? sharesOf(d) : null,
    best: best ? sharesOf(best) : null,
    critic: critic_d ? sharesOf(critic_d) : null,
  };
}
