/** Painting of a map of codes: decoded places behind it, codes by class, ellipses, and the visitor's places. */

import { paintCursor } from "../kit/image/paint.js";
import { PIXELS, SIDE } from "../kit/image/pixels.js";
import { paintGround, paintRings } from "../kit/plane/screen.js";
import { lettering, say } from "../kit/base/dom.js";

const FAINT = 0.3;
const DOT = 1.7;

/** From codes to the screen, whose side is `size`. */
const placer = ({ middle, half }, size) => ([x, y]) => [
  ((x - middle[0] + half) / (2 * half)) * size,
  ((middle[1] + half - y) / (2 * half)) * size,
];

/** The images that the middles of `side` × `side` cells decode to, as one picture in the colour of ink. */
export function latticeOf(decode, { middle, half }, side, ink) {
  const place = (i) => ((2 * i + 1) / side - 1) * half;
  const z = Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const cell = i >> 1;
    return i % 2 ? middle[1] - place(Math.floor(cell / side)) : middle[0] + place(cell % side);
  });
  const pixels = decode(z);
  const canvas = new OffscreenCanvas(side * SIDE, side * SIDE);
  const context = canvas.getContext("2d");
  const image = new ImageData(SIDE, SIDE);
  for (let cell = 0; cell < side * side; cell++) {
    for (let i = 0; i < PIXELS; i++) image.data.set([...ink, 255 * pixels[cell * PIXELS + i]], 4 * i);
    context.putImageData(image, (cell % side) * SIDE, Math.floor(cell / side) * SIDE);
  }
  return canvas;
}

/** Codes as dots in the colours of their classes. */
export function paintCodes(context, codes, labels, to, { classes }, { radius = DOT, alpha = 1 } = {}) {
  context.globalAlpha = alpha;
  for (const label of new Set(labels)) {
    context.fillStyle = classes[label];
    context.beginPath();
    labels.forEach((each, i) => {
      if (each !== label) return;
      const [x, y] = to([codes[2 * i], codes[2 * i + 1]]);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    });
    context.fill();
  }
  context.globalAlpha = 1;
}

/** The name of each class at the median of its codes. */
function paintNames(context, { codes, labels }, names, to, { ink, ground }) {
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  Object.assign(context, { font: lettering(15, 700), textAlign: "center", lineWidth: 4 });
  Object.assign(context, { lineJoin: "round", strokeStyle: ground, fillStyle: ink });
  names.forEach((name, label) => {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    const [x, y] = to([0, 1].map((axis) => median(own.map((i) => codes[2 * i + axis]))));
    context.strokeText(name, x, y + 5);
    context.fillText(say(name), x, y + 5);
  });
}

/** One ellipse of two semi-axes and the angle of the first about a place, `scale` times as large. */
export function paintEllipse(context, [x, y], [long, short, angle], scale, { colour, width }) {
  context.beginPath();
  context.ellipse(x, y, long * scale, short * scale, -angle, 0, 2 * Math.PI);
  Object.assign(context, { strokeStyle: colour, lineWidth: width });
  context.stroke();
}

/**
 * A map. `found` are the codes with their view, `lattice` the decoded places, `z` the selected place. `classes` are the
 * names to write at their codes, `own` is the code of the visitor's picture, and `above(context, to, size)` paints over
 * them.
 */
export function paintMap(context, size, { found, classes, lattice, z, own, above, faint, cursor, colours }) {
  paintGround(context, size, colours);
  if (!found) return;
  const to = placer(found, size);
  if (lattice) {
    context.globalAlpha = FAINT;
    context.drawImage(lattice, 0, 0, size, size);
    context.globalAlpha = 1;
  }
  paintCodes(context, found.codes, found.labels, to, colours, { alpha: faint ? FAINT : 1 });
  above?.(context, to, size);
  if (own) {
    context.fillStyle = colours.you;
    const [x, y] = to(own);
    context.fillRect(x - 4, y - 4, 8, 8);
  }
  if (z) paintRings(context, z, (...at) => to(at), 6, colours);
  if (cursor) paintCursor(context, to(cursor), colours.you);
  if (classes) paintNames(context, found, classes, to, colours);
}
