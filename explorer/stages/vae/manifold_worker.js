/** Decodes a lattice of latent points off the page's thread; the newest request wins. */

import { Decoder } from "../kit/plane/mlp.js";
import { imageOf, SIDE } from "../kit/image/pixels.js";

const SLICE = 16;

let decoder = null;
let newest = 0;

self.onmessage = ({ data }) => {
  if (data.layers) decoder = new Decoder(data.layers, data.settings);
  if (data.request) {
    newest = data.request.id;
    answer(data.request, decoder).catch((error) => {
      console.warn(error.message);
      self.postMessage({ id: data.request.id, bitmap: null });
    });
  }
};

/** Paints `columns` × `rows` cells, row 0 on top, with ink whose opacity is the pixel's probability. */
async function answer(request, network) {
  const { id, beta, columns, rows, spacing, left, top, ink, opacity } = request;
  const count = columns * rows;
  const image = new ImageData(columns * SIDE, rows * SIDE);
  const words = new Uint32Array(image.data.buffer);
  for (let first = 0; first < count; first += SLICE) {
    const cells = Math.min(SLICE, count - first);
    const z = new Float32Array(2 * cells);
    for (let c = 0; c < cells; c++) {
      z[2 * c] = left + (((first + c) % columns) + 0.5) * spacing;
      z[2 * c + 1] = top - (Math.floor((first + c) / columns) + 0.5) * spacing;
    }
    const pixels = network.setBeta(beta).decode(z, cells);
    for (let c = 0; c < cells; c++) {
      paint(words, imageOf(pixels, c), first + c, columns, ink, 255 * opacity);
    }
    await breathe();
    if (id !== newest) return self.postMessage({ id, bitmap: null });
  }
  const bitmap = await createImageBitmap(image);
  const worker = /** @type {Worker} */ (/** @type {unknown} */ (self));
  worker.postMessage({ id, bitmap }, [bitmap]);
}

function paint(words, pixels, cell, columns, ink, strength) {
  const start = Math.floor(cell / columns) * SIDE * columns * SIDE + (cell % columns) * SIDE;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      words[start + row * columns * SIDE + column] = ink | (Math.round(pixels[row * SIDE + column] * strength) << 24);
    }
  }
}

/** Lets a newer request in. */
function breathe() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
