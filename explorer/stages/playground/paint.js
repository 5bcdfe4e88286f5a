/** Painting of a square of the plane: a density, the points that are learned, and samples. */

import { bytesOf } from "../kit/image/paint.js";
import { paintGround, paintOver, pictureOfCells, toScreen } from "../kit/plane/screen.js";

const DENSE = 0.55; // opacity of the highest density
const CURVE = 0.13; // height of a curve, as a share of the tile
const MOST = 450; // learned points painted under samples

/** Colours of the groups of families, by their answer for p(x), as in the navigation. */
export function huesOf() {
  const style = getComputedStyle(document.body);
  return Object.fromEntries(["exact", "bound", "ratio", "none"].map((group) => [
    group,
    style.getPropertyValue(`--nav-${group}`).trim(),
  ]));
}

/** Shares of the highest density as bytes, row by row from the upper left. */
export function paintShade(context, bytes, size, hue) {
  const colour = bytesOf(context, hue);
  paintOver(context, pictureOfCells(bytes, (byte) => [...colour, 255 * DENSE * Math.sqrt(byte / 255)]), size);
}

/** Dots of one colour; at most `most`, evenly chosen. */
export function paintDots(context, points, { place, radius, colour, alpha = 1, most = Infinity }) {
  const stride = 2 * Math.max(1, Math.ceil(points.length / 2 / most));
  Object.assign(context, { fillStyle: colour, globalAlpha: alpha });
  for (let i = 0; i + 1 < points.length; i += stride) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), radius, 0, 7);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Circles, for points that are held out. */
export function paintHollow(context, points, { place, radius, colour, alpha = 1 }) {
  Object.assign(context, { strokeStyle: colour, globalAlpha: alpha, lineWidth: Math.max(0.8, radius / 2.5) });
  for (let i = 0; i + 1 < points.length; i += 2) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), radius, 0, 7);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** A family: its density, the learned points in grey, hollow samples of its former training, and its samples. */
export function paintFamily(context, { size, view, points, held, samples, ghost, shade, hue, colours }) {
  const place = toScreen(size, view);
  paintGround(context, size, colours);
  if (shade) paintShade(context, shade, size, hue);
  const grey = { place, colour: colours.quiet, radius: Math.max(0.9, size / 190) };
  paintDots(context, points, { ...grey, alpha: 0.4, most: MOST });
  paintHollow(context, held.subarray(0, MOST / 2), { ...grey, radius: 1.6 * grey.radius, alpha: 0.6 });
  if (ghost) paintHollow(context, ghost, { place, colour: hue, radius: Math.max(1.6, size / 80), alpha: 0.3 });
  if (samples) paintDots(context, samples, { place, colour: hue, radius: Math.max(1.2, size / 120), alpha: 0.85 });
}

/** The figure of a tile up to the present moment, a dot, along its lower edge and in the range of the whole training. */
export function paintCurve(context, { size, values, at, colours }) {
  const known = values.flatMap((value, index) => Number.isFinite(value) ? [[index, value]] : []);
  const [low, high] = [Math.min(...known.map(([, v]) => v)), Math.max(...known.map(([, v]) => v))];
  if (!(high > low)) return;
  const place = ([index, value]) => [
    size * (0.03 + (0.94 * index) / (values.length - 1)),
    size * (0.97 - (CURVE * (value - low)) / (high - low)),
  ];
  Object.assign(context, { strokeStyle: colours.quiet, fillStyle: colours.you, lineWidth: 1.2 });
  const past = known.filter(([index]) => index <= at);
  if (past.length < 2) return;
  context.beginPath();
  for (const each of past) context.lineTo(...place(each));
  context.stroke();
  context.beginPath();
  context.arc(...place(past.at(-1)), Math.max(2, size / 70), 0, 7);
  context.fill();
}
