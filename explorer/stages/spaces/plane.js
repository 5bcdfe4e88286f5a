/** Points in the plane: pairs of coordinates, one number after the other. */

const REACH = 4;
const WHOLE = 32767;

/** Points from 16-bit whole numbers; the greatest stands for `reach`. @param {Uint8Array} bytes */
function read(bytes, reach = REACH) {
  return Float32Array.from(new Int16Array(bytes.buffer), (value) => (value / WHOLE) * reach);
}

export const plane = { read };
