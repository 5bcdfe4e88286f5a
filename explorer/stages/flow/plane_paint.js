/** Painting of the plane: a shade, a grid of bent lines, points, and the path of one point. */

import { bytesOf } from "../kit/image/paint.js";
import { paintOver, pictureOfCells, toScreen } from "../kit/plane/screen.js";

/** Distance from the middle of the picture to its edge. */
export const HALF = 3;

const DARKEST = 150; // of 255
const LINES = 21; // of a grid, each way
const ALONG = 97; // points of a line of it
const VOLUME = 2; // nats that have the full colour
const DOT = 2.6;

/** The points of a square grid, line after line: first those of one x₁ each, then those of one x₂. */
export function gridPoints() {
  const place = (i, count) => HALF * ((2 * i) / (count - 1) - 1);
  const out = new Float64Array(4 * LINES * ALONG);
  for (let line = 0, at = 0; line < 2 * LINES; line++) {
    for (let i = 0; i < ALONG; i++, at += 2) {
      const [across, along] = [place(line % LINES, LINES), place(i, ALONG)];
      out.set(line < LINES ? [across, along] : [along, across], at);
    }
  }
  return out;
}

/** The lines of `gridPoints`, wherever these points are now. */
export function paintGrid(context, points, size, colours) {
  const scale = size / (2 * HALF);
  context.lineWidth = 1;
  for (const half of [0, 1]) {
    context.strokeStyle = axesOf(colours)[half];
    context.beginPath();
    for (let line = 0; line < LINES; line++) {
      const first = 2 * ALONG * (half * LINES + line);
      for (let i = first; i < first + 2 * ALONG; i += 2) {
        const [x, y] = [scale * (points[i] + HALF), scale * (HALF - points[i + 1])];
        if (i === first) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
    }
    context.globalAlpha = 0.55;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The colours of the lines of one x₁ each, and of one x₂. */
export const axesOf = ({ classes }) => [classes[3], classes[5]];

export function paintDots(context, points, size, colour) {
  const scale = size / (2 * HALF);
  context.fillStyle = colour;
  for (let i = 0; i < points.length; i += 2) {
    context.fillRect(scale * (points[i] + HALF) - DOT / 2, scale * (HALF - points[i + 1]) - DOT / 2, DOT, DOT);
  }
}

/** A small picture of densities in a square of cells, by their logarithms: the darker, the denser. */
export function shadeDensity(context, logs, { ink }) {
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  const colour = bytesOf(context, ink);
  return pictureOfCells(logs, (value) => [...colour, DARKEST * Math.exp((value - top) / 2.5)]);
}

/** The same of logarithms of volumes: one colour where they grow, another where they shrink. */
export function shadeVolume(context, logs, colours) {
  const sides = volumesOf(colours).map((colour) => bytesOf(context, colour));
  return pictureOfCells(
    logs,
    (value) => [...sides[value > 0 ? 0 : 1], DARKEST * Math.min(1, Math.abs(value) / VOLUME)],
  );
}

/** The colours of a volume that grows and of one that shrinks. */
export const volumesOf = ({ classes }) => [classes[4], classes[0]];

export function paintShade(context, small, size, opacity = 1) {
  context.globalAlpha = opacity;
  paintOver(context, small, size);
  context.globalAlpha = 1;
}

/**
 * The way of one point through all states, and a ring where it is now.
 * @param {Context2d} context @param {[x: number, y: number][]} ends @param {[x: number, y: number]} at
 * @param {number} size @param {Colours} colours
 */
export function paintWay(context, ends, at, size, { you, ground }) {
  const place = toScreen(size, HALF);
  for (const [colour, width] of [[ground, 4], [you, 1.75]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round" });
    context.beginPath();
    for (const end of ends) context.lineTo(...place(...end));
    context.stroke();
  }
  context.fillStyle = you;
  ends.forEach((end, i) => {
    if (i > 0 && i < ends.length - 1) disc(context, place(...end), 2.5);
  });
  /** @type {[letter: string, end: [x: number, y: number]][]} */
  const lettered = [["x", ends[0]], ["z", ends.at(-1)]];
  for (const [letter, end] of lettered) {
    paintLetter(context, letter, place(...end), { you, ground });
  }
  paintPoint(context, at, size, { you, ground });
}

/**
 * Paints the visitor's point with a rim in the colour of the ground.
 * @param {Context2d} context @param {[x: number, y: number]} at @param {number} size
 * @param {Pick<Colours, "you" | "ground">} colours
 */
function paintPoint(context, at, size, { you, ground }) {
  Object.assign(context, { fillStyle: you, strokeStyle: ground, lineWidth: 2 });
  disc(context, toScreen(size, HALF)(...at), 6);
  context.stroke();
}

/**
 * Where the visitor's point began, which cannot be moved: a ring.
 * @param {Context2d} context @param {[x: number, y: number]} at @param {number} size @param {Pick<Colours, "you">} colours
 */
export function paintOrigin(context, at, size, { you }) {
  const [x, y] = toScreen(size, HALF)(...at);
  Object.assign(context, { strokeStyle: you, lineWidth: 2.5 });
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.stroke();
}

function disc(context, [x, y], radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function paintLetter(context, letter, [x, y], { you, ground }) {
  context.font = "italic 600 15px system-ui, sans-serif";
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineWidth: 4, strokeStyle: ground });
  context.strokeText(letter, x + 11, y - 10);
  context.fillStyle = you;
  context.fillText(letter, x + 11, y - 10);
}
