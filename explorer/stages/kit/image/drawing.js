/** From a stroke on a pad to the 784 bits that a network is fed: centred and scaled as MNIST is. */
import { SIDE } from "./pixels.js";

/** Side of the box that digits of MNIST fill. */
export const BOX = 20;
const THRESHOLD = 0.5;

/** @param {ArrayLike<number>} ink @param {number} size */
function inkBounds(ink, size) {
  const bounds = { left: size, right: -1, top: size, bottom: -1, x: 0, y: 0, mass: 0 };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = ink[y * size + x];
      if (value === 0) continue;
      bounds.left = Math.min(bounds.left, x);
      bounds.right = Math.max(bounds.right, x + 1);
      bounds.top = Math.min(bounds.top, y);
      bounds.bottom = Math.max(bounds.bottom, y + 1);
      bounds.x += value * (x + 0.5);
      bounds.y += value * (y + 0.5);
      bounds.mass += value;
    }
  }
  return bounds;
}

/** Beginning of the source's axis when its centre of mass sits in the middle and no ink leaves the image. */
function origin(centre, low, high, unit) {
  const span = SIDE * unit;
  return Math.min(low, Math.max(high - span, centre - span / 2));
}

/** @param {ArrayLike<number>} ink @param {number} size @param {Point} corner @param {number} unit */
function meanInk(ink, size, [left, top], unit) {
  const [x0, x1] = [Math.max(0, Math.floor(left)), Math.min(size, Math.ceil(left + unit))];
  const [y0, y1] = [Math.max(0, Math.floor(top)), Math.min(size, Math.ceil(top + unit))];
  let total = 0;
  for (let y = y0; y < y1; y++) {
    const height = Math.min(y + 1, top + unit) - Math.max(y, top);
    for (let x = x0; x < x1; x++) {
      total += ink[y * size + x] * height * (Math.min(x + 1, left + unit) - Math.max(x, left));
    }
  }
  return total / (unit * unit);
}

/**
 * `ink` is a size × size Float32Array in [0, 1]; returns 784 grey levels in [0, 1], or null for an empty pad. As in
 * MNIST: the bounding box is scaled into 20 × 20, anti-aliased, and the centre of mass goes to the middle of 28 × 28.
 * Another `box` may be given.
 * @param {ArrayLike<number>} ink @param {number} size
 */
export function centre(ink, size, box = BOX) {
  const bounds = inkBounds(ink, size);
  if (bounds.mass === 0) return null;
  const unit = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top) / box;
  const left = origin(bounds.x / bounds.mass, bounds.left, bounds.right, unit);
  const top = origin(bounds.y / bounds.mass, bounds.top, bounds.bottom, unit);
  const image = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < image.length; i++) {
    const corner = [left + (i % SIDE) * unit, top + Math.floor(i / SIDE) * unit];
    image[i] = meanInk(ink, size, corner, unit);
  }
  return image;
}

/** The binary picture that the network is fed. @param {ArrayLike<number>} image */
export function toBits(image) {
  return Uint8Array.from(image, (value) => (value > THRESHOLD ? 1 : 0));
}
