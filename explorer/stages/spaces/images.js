/** Images: a byte a pixel, row by row, one image after the other. */

/** @type {SpaceReader} */
export const images = { read: (bytes) => bytes };
