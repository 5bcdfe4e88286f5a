/** Content of a frame as an image of the map. */

import { PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";

const VIEW = 2.5; // the plane is shown from −VIEW to VIEW
const DOT = 64; // of 255, for each point in a cell

/** Points as 784 bytes: the more lie in a cell, the lighter it is. @param {ArrayLike<number>} points */
function cloudOf(points) {
  const cells = new Uint8ClampedArray(PIXELS);
  const place = (value) => Math.floor((SIDE * (1 + value / VIEW)) / 2);
  for (let i = 0; i < points.length; i += 2) {
    const [column, row] = [place(points[i]), place(-points[i + 1])];
    if (Math.min(column, row) >= 0 && Math.max(column, row) < SIDE) cells[SIDE * row + column] += DOT;
  }
  return Uint8Array.from(cells);
}

/**
 * Content of a frame as 784 bytes: all points, or the first image, whose undrawn part stays black.
 * @param {Pick<Frame, "x"> & Partial<Frame>} frame @param {string} space
 */
export function shownOf({ x: drawn, pictures, known }, space) {
  if (space === "plane") return cloudOf(drawn);
  const x = pictures?.mean ?? drawn;
  const bytes = x instanceof Uint8Array ? x.slice(0, PIXELS) : toBytes(x.slice(0, PIXELS));
  return known ? bytes.map((value, i) => (known[i] ? value : 0)) : bytes;
}
