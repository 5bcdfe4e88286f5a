/** Drawing an image of a flow, lattice by lattice. */

import { SIDE } from "../kit/image/pixels.js";

/** An image with some known pixels: each also fills the unknown ones right of it and below it; 0 without one. */
export function coarsely(values, known) {
  return Float32Array.from(values, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
    for (let stride = 1; stride <= SIDE; stride *= 2) {
      const corner = (row - (row % stride)) * SIDE + column - (column % stride);
      if (known[corner]) return values[corner];
    }
    return known[0] ? values[0] : 0;
  });
}
