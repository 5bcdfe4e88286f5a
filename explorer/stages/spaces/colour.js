/** Colour images of 48×48 pixels: bytes of red, then of green, then of blue, one image after the other. */

import { images } from "./images.js";

export const COLOUR_SIDE = 48;
const COLOUR_PIXELS = COLOUR_SIDE * COLOUR_SIDE;
const COLOUR_VALUES = 3 * COLOUR_PIXELS;

/** @type {SpaceReader} */
export const colour = images;

/** The image with number `k` of several. @param {Uint8Array} bytes @param {number} k */
export const sceneOf = (bytes, k) => bytes.subarray(k * COLOUR_VALUES, (k + 1) * COLOUR_VALUES);

/**
 * Draws one image, a pixel of the canvas for each of its own.
 * @param {HTMLCanvasElement} canvas @param {Uint8Array} bytes
 */
export function drawScene(canvas, bytes) {
  if (canvas.width !== COLOUR_SIDE) canvas.width = canvas.height = COLOUR_SIDE;
  const context = canvas.getContext("2d");
  const image = context.createImageData(COLOUR_SIDE, COLOUR_SIDE);
  for (let i = 0; i < COLOUR_PIXELS; i++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = bytes[channel * COLOUR_PIXELS + i];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
