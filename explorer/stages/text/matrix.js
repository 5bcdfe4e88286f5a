/** The attention weights of one head as a picture: a row for each predicted character, the masked half blank. */

import { blank } from "../kit/image/pixels.js";

const SIDE = 480;

/** Draws `weights` (length, length), the row `chosen` outlined; each row is as dark as its largest weight allows. */
export function drawMatrix(canvas, weights, length, chosen, { ink, ground, you }) {
  const cell = SIDE / length;
  const context = blank(canvas, SIDE, SIDE, { ground });
  context.fillStyle = ink;
  for (let t = 0; t < length; t++) {
    const row = weights.subarray(t * length, t * length + t + 1);
    const top = row.reduce((most, each) => Math.max(most, each), 0);
    row.forEach((weight, s) => {
      context.globalAlpha = weight / top;
      context.fillRect(s * cell, t * cell, cell, cell);
    });
  }
  Object.assign(context, { globalAlpha: 1, strokeStyle: you, lineWidth: 2 });
  context.strokeRect(1, Math.max(1, chosen * cell - 2), (chosen + 1) * cell, cell + 4);
}
