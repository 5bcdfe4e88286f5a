/** What a frame of a game holds, read once: points of the plane, and surfaces over it. */

import { fromBase64 } from "../shared/tensors.js";

/** How far places reach that are told, and how far the plane is shown. */
const REACH = 4;
export const VIEW = 2.2;

const known = new WeakMap();

/** Pairs of coordinates, one number after the other, from 16-bit whole numbers. */
function pointsOf(bytes, reach = REACH) {
  const whole = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  return Float32Array.from(whole, (value) => (value / 32767) * reach);
}

/** A surface as shares of its highest value. */
const sharesOf = (text) => Float32Array.from(fromBase64(text), (value) => value / 255);

/** The frame of a game, a race or a standstill, with arrays for text. */
export function readFrame(frame) {
  if (!known.has(frame)) known.set(frame, arraysOf(frame));
  return known.get(frame);
}

function arraysOf({ x, real, pulls, longest, d, best, critic_d }) {
  return {
    made: pointsOf(x),
    real: real ? pointsOf(fromBase64(real)) : null,
    pulls: pulls ? pointsOf(fromBase64(pulls), longest) : null,
    d: d ? sharesOf(d) : null,
    best: best ? sharesOf(best) : null,
    critic: critic_d ? sharesOf(critic_d) : null,
  };
}
