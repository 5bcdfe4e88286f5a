/** Colour images of 48×48 or 24×24 pixels: bytes of red, then of green, then of blue, one image after the other. */

import { images } from "./images.js";

export const COLOUR_SIDE = 48;
export const GLYPH_SIDE = 24;

/** @type {SpaceReader} */
export const colour = images;

/** The image with number `k` of several. @param {Uint8Array} bytes @param {number} k @param {number} [side] */
export function sceneOf(bytes, k, side = COLOUR_SIDE) {
  const values = 3 * side * side;
  return bytes.subarray(k * values, (k + 1) * values);
}

/**
 * Draws one image, a pixel of the canvas for each of its own.
 * @param {HTMLCanvasElement} canvas @param {Uint8Array} bytes @param {number} [side]
 */
export function drawScene(canvas, bytes, side = COLOUR_SIDE) {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const pixels = side * side;
  for (let i = 0; i < pixels; i++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = bytes[channel * pixels + i];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
