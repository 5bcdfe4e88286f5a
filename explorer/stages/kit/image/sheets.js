/** The bundled images: sprite sheets of 28×28 images, read once and cut one image at a time. */

import { fileAt, textOf } from "../shell/opened.js";
import { PIXELS, SIDE } from "./pixels.js";

export const COLUMNS = 50;

/** @param {string} url */
export async function readJson(url) {
  const own = fileAt(url);
  if (own) return JSON.parse(await textOf(own));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/** A sheet's grey levels, row by row. @param {string} url @returns {Promise<Sheet>} */
export async function readSheet(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const grey = new Uint8Array(image.width * image.height);
  for (let i = 0; i < grey.length; i++) grey[i] = data[4 * i];
  return { grey, width: image.width };
}

/** The grey levels of image `i` of a sheet, as bytes. @param {Sheet} sheet @param {number} i */
export function cut({ grey, width }, i) {
  const [left, top] = [(i % COLUMNS) * SIDE, Math.floor(i / COLUMNS) * SIDE];
  const out = new Uint8Array(PIXELS);
  for (let row = 0; row < SIDE; row++) {
    const from = (top + row) * width + left;
    out.set(grey.subarray(from, from + SIDE), row * SIDE);
  }
  return out;
}
