/** Painting of boards, in device pixels: cells, sets of cells, rings; and the cursor of a plane. */

import { SIDE } from "./pixels.js";

/** @type {{canvas: OffscreenCanvas, image: ImageData} | null} */
let small = null;

/** A colour as the word that image data hold. @param {number} red @param {number} green @param {number} blue */
export const rgba = (red, green, blue, alpha = 255) => ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/**
 * The three bytes of a colour in any notation that the canvas reads.
 * @param {Context2d} context @param {string} colour
 */
export function bytesOf(context, colour) {
  context.fillStyle = colour;
  return [1, 3, 5].map((at) => parseInt(String(context.fillStyle).slice(at, at + 2), 16));
}

/**
 * Every pixel in the colour (a word of `rgba`) that `colourOf` gives; where `shown` lacks it, empty ground.
 * @param {Context2d} context @param {(pixel: number) => number} colourOf @param {ArrayLike<number> | null} shown
 * @param {number} cell @param {Colours | null} colours
 */
export function paintCells(context, colourOf, shown, cell, colours) {
  small ??= { canvas: new OffscreenCanvas(SIDE, SIDE), image: new ImageData(SIDE, SIDE) };
  const words = new Uint32Array(small.image.data.buffer);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) words[pixel] = !shown || shown[pixel] ? colourOf(pixel) : 0;
  if (colours) paintGround(context, cell, colours, shown !== null);
  small.canvas.getContext("2d").putImageData(small.image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small.canvas, 0, 0, SIDE * cell, SIDE * cell);
}

/** Ground where no pixel is yet: a dot for each that is to come. */
function paintGround(context, cell, { ground, line }, dotted) {
  context.fillStyle = line;
  context.fillRect(0, 0, SIDE * cell, SIDE * cell);
  if (!dotted || cell < 6) return;
  context.fillStyle = ground;
  const dot = Math.max(1, Math.round(cell / 8));
  const inset = Math.round((cell - dot) / 2);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) context.fillRect(column * cell + inset, row * cell + inset, dot, dot);
  }
}

/**
 * A square around one pixel, with a light and a dark edge so that it is seen on any grey.
 * @param {Context2d} context @param {number} pixel @param {number} cell
 * @param {{colour: string, line: number, dashed?: boolean}} how
 */
export function paintRing(context, pixel, cell, { colour, line, dashed = false }) {
  const [left, top] = [(pixel % SIDE) * cell, Math.floor(pixel / SIDE) * cell];
  const width = Math.max(2 * line, cell / 7);
  const out = dashed ? 0 : width;
  const square = () => context.strokeRect(left - out / 2, top - out / 2, cell + out, cell + out);
  context.save();
  Object.assign(context, { strokeStyle: "#000", lineWidth: width + 2 * line });
  square();
  Object.assign(context, { strokeStyle: dashed ? "#fff" : colour, lineWidth: width });
  if (dashed) context.setLineDash([width, width]);
  square();
  context.restore();
}

/**
 * A set of pixels (784 flags): a border around it, or where no `width` is given a dot in each.
 * @param {Context2d} context @param {ArrayLike<number>} flags @param {number} cell @param {string} colour
 */
export function paintSet(context, flags, cell, colour, width = 0) {
  Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: width });
  context.beginPath();
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    if (!flags[pixel]) continue;
    const [column, row] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    const [left, top] = [column * cell, row * cell];
    if (!width) context.fillRect(left + cell * 0.3, top + cell * 0.3, cell * 0.4, cell * 0.4);
    else {edgesOf(flags, row, column).forEach(([x0, y0, x1, y1]) => {
        context.moveTo(left + x0 * cell, top + y0 * cell);
        context.lineTo(left + x1 * cell, top + y1 * cell);
      });}
  }
  if (width) context.stroke();
}

/** The sides of a cell beyond which the set ends. */
function edgesOf(flags, row, column) {
  const inside = (r, c) => r >= 0 && r < SIDE && c >= 0 && c < SIDE && flags[r * SIDE + c];
  const sides = [[-1, 0, 0, 0, 1, 0], [1, 0, 0, 1, 1, 1], [0, -1, 0, 0, 0, 1], [0, 1, 1, 0, 1, 1]];
  return sides.filter(([dr, dc]) => !inside(row + dr, column + dc)).map(([, , ...edge]) => edge);
}

/**
 * The line between the first `given` pixels, in raster order, and those that follow.
 * @param {Context2d} context @param {number} given @param {number} cell @param {string} colour @param {number} line
 */
export function paintGiven(context, given, cell, colour, line) {
  const [row, column] = [Math.floor(given / SIDE), given % SIDE];
  context.save();
  Object.assign(context, { strokeStyle: colour, lineWidth: 2 * line });
  context.beginPath();
  if (column) {
    context.moveTo(0, (row + 1) * cell);
    context.lineTo(column * cell, (row + 1) * cell);
    context.lineTo(column * cell, row * cell);
  } else context.moveTo(0, row * cell);
  context.lineTo(SIDE * cell, row * cell);
  context.stroke();
  context.restore();
}

/** The arms of a cross about a place that keys move. @param {Context2d} context @param {Point} place @param {string} colour */
export function paintCursor(context, [x, y], colour) {
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 });
  context.beginPath();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    context.moveTo(x + 4 * dx, y + 4 * dy);
    context.lineTo(x + 11 * dx, y + 11 * dy);
  }
  context.stroke();
}
