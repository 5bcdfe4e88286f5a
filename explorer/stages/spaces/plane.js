/** Points in the plane: pairs of coordinates, one number after the other. */

import { fromBase64 } from "../shared/tensors.js";

const REACH = 4;
const WHOLE = 32767;

/** Points from 16-bit whole numbers, the greatest of which stands for `reach`. */
function read(text, reach = REACH) {
  const bytes = fromBase64(text);
  return Float32Array.from(new Int16Array(bytes.buffer), (value) => (value / WHOLE) * reach);
}

export const plane = { read };
