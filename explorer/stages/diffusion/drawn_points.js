/** Points over known densities of the plane. */

import { bytesOf } from "../kit/image/paint.js";
import { noised, sharesAt } from "../kit/plane/mixture.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { paintGround, paintOver, pictureOfCells, toScreen } from "../kit/plane/screen.js";

const REACH = 2.8; // from the middle of the picture to its edge

const SHADES = 72;
const [DARKEST, RADIUS] = [110, 2.5];
const PLACES = placesOf(SHADES);

/** Middles of the cells, row by row from the upper left: x0, y0, … */
function placesOf(count) {
  const place = (i) => ((2 * i + 1) / count - 1) * REACH;
  return Float32Array.from({ length: 2 * count * count }, (_, i) => {
    const cell = i >> 1;
    return i % 2 ? -place(Math.floor(cell / count)) : place(cell % count);
  });
}

/** A plane of drawn points, which takes no choice. @param {string} label @param {number} size */
export function drawnPlane(label, size) {
  const plane = new PlaneCanvas({ label, size, paint: paintDrawn, onMove: () => {}, onChoose: () => {} });
  plane.look([0, 0], REACH);
  return plane;
}

/** A density as shares of its largest value, cell by cell. @param {{means: Point[], sigma: number}} mixture */
export const shadesOf = (mixture) => sharesAt(noised(mixture, 1), PLACES);

/**
 * @param {Context2d} context @param {number} size
 * @param {{points: Float32Array, rings?: Float32Array, shades: Numbers[], colours: Colours}} scene `shades` are those of
 *   the class and of the other label, if there is one
 */
function paintDrawn(context, size, { points, rings = new Float32Array(), shades, colours }) {
  paintGround(context, size, colours);
  shades.toReversed().forEach((shares, k) => {
    const colour = bytesOf(context, k === shades.length - 1 ? colours.classes[0] : colours.ink);
    paintOver(context, pictureOfCells(shares, (share) => [...colour, DARKEST * Math.sqrt(share)]), size);
  });
  const place = toScreen(size, REACH);
  Object.assign(context, { fillStyle: colours.you, strokeStyle: colours.ink, lineWidth: 1 });
  dots(context, rings, place, 2 * RADIUS);
  context.stroke();
  dots(context, points, place, RADIUS);
  context.fill();
}

/** A path of circles about points. @param {Context2d} context @param {Float32Array} points @param {ToScreen} place */
function dots(context, points, place, radius) {
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = place(points[i], points[i + 1]);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}
