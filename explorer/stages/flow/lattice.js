/** Drawing an image of a flow, lattice by lattice. */

import { SIDE } from "../kit/image/pixels.js";

/** An image of which some pixels are known: each stands for those right of it and below it that are not; 0 where none does. */
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
