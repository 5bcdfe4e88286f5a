/** The attention weights of one head as a picture: a row for each predicted character, the masked half hatched. */

import { blank } from "../kit/image/pixels.js";

const [SIDE, HATCH] = [480, 12];

/** Draws `weights` (length, length), the row `chosen` outlined; each row is as dark as its largest weight allows. */
export function drawMatrix(canvas, weights, length, chosen, { ink, ground, line, you }) {
  const cell = SIDE / length;
  const context = blank(canvas, SIDE, SIDE, { ground });
  hatch(context, line, cell);
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

/** Lines over what the mask hides: the half to the right of the diagonal. */
function hatch(context, line, cell) {
  context.save();
  context.beginPath();
  context.moveTo(cell, 0);
  context.lineTo(SIDE, 0);
  context.lineTo(SIDE, SIDE - cell);
  context.clip();
  Object.assign(context, { strokeStyle: line, lineWidth: 2 });
  for (let x = 0; x < 2 * SIDE; x += HATCH) {
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x - SIDE, SIDE);
    context.stroke();
  }
  context.restore();
}
