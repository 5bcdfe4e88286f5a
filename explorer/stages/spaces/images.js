/** Images: a byte a pixel, row by row, one image after the other. */

export const images = { read: (bytes) => bytes };
