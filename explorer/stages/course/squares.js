/** The squares of QR codes. */

import { encode } from "../kit/export/vendor/uqr.js";

/** The squares of the largest QR code hold 2,953 bytes; null beyond that. */
export function squaresOf(text) {
  try {
    return encode(text, { border: 2 });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
