/** The squares of QR codes. */

import { svg } from "../kit/base/dom.js";
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

/** The squares as a picture. @param {{data: boolean[][], size: number}} squares */
export function drawn({ data, size }) {
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  const names = { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": "The address as a QR code" };
  return svg("svg", names, svg("path", { d: squares.join("") }));
}
