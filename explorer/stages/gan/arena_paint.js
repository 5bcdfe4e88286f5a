/** The layers of a game's plane: the discriminator's surface, data, generated points, and whither these are drawn. */

import { bytesOf, paintCursor } from "../kit/image/paint.js";
import { paintGround, paintOver, pictureOfCells, toScreen } from "../kit/plane/screen.js";
import { VIEW } from "./arena_data.js";

const TINT = 80; // of 255, where D is sure that a point is generated
const ARROW = 0.1; // of the plane's units, for a pull of one
const LONGEST = 0.4;
const LEVELS = [0.25, 0.5, 0.75];

/** The colours of real and of generated points. */
export const sidesOf = ({ classes }) => ({ real: classes[0], made: classes[6] });

/**
 * Paints a game.
 * @param {Context2d} context
 * @param {{surface: Float32Array | null, contours: Float32Array | null, real: Float32Array | null,
 *   made: Float32Array | null, pulls: Float32Array | null, cursor: [x: number, y: number] | null,
 *   painted: number[] | null, colours: Colours}} scene
 * @param {number} size
 */
export function paintArena(context, scene, size) {
  const { colours, surface, contours, real, made, pulls, painted, cursor } = scene;
  const place = toScreen(size, VIEW);
  const dot = Math.max(1.2, size / 230);
  paintGround(context, size, colours);
  if (surface) paintSurface(context, surface, size, colours);
  if (contours) paintContours(context, contours, size, colours);
  if (real) paintReal(context, real, { place, dot, colours });
  if (pulls) paintPulls(context, made, pulls, { place, size, colours });
  if (made) paintMade(context, made, { place, dot, colours });
  if (painted) paintPainted(context, painted, { place, colours });
  if (cursor) paintCursor(context, place(...cursor), colours.you);
}

/** Bare where D classifies as real, and grey where as generated: both kinds of points keep their own colours. */
function paintSurface(context, shares, size, { ink }) {
  const grey = bytesOf(context, ink);
  paintOver(context, pictureOfCells(shares, (share) => [...grey, TINT * (1 - share)]), size);
}

/** The colour of the surface where D is sure that a point is generated. */
export const shadeOf = ({ ink }) => `color-mix(in srgb, ${ink} ${Math.round((100 * TINT) / 255)}%, transparent)`;

/** Lines along which a surface has a level; the middle one is bold. */
function paintContours(context, shares, size, { ink }) {
  const side = Math.sqrt(shares.length);
  const at = (row, column) => shares[row * side + column];
  context.strokeStyle = ink;
  for (const level of LEVELS) {
    context.lineWidth = level === 0.5 ? 2 : 1;
    context.setLineDash(level === 0.5 ? [] : [3, 3]);
    context.beginPath();
    for (let row = 0; row < side - 1; row++) {
      for (let column = 0; column < side - 1; column++) {
        const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
        const cuts = corners.map((from, k) => cutOf(from, corners[(k + 1) % 4], level, at)).filter(Boolean);
        for (let k = 0; k + 1 < cuts.length; k += 2) {
          for (const [move, [y, x]] of [["moveTo", cuts[k]], ["lineTo", cuts[k + 1]]]) {
            context[move](((x + 0.5) / side) * size, ((y + 0.5) / side) * size);
          }
        }
      }
    }
    context.stroke();
  }
  context.setLineDash([]);
}

/** Place of the level between two neighbours, as row and column; null if it is not between them. */
function cutOf(from, to, level, at) {
  const [a, b] = [at(...from) - level, at(...to) - level];
  if (a < 0 === b < 0) return null;
  const share = a / (a - b);
  return from.map((value, i) => value + share * (to[i] - value));
}

/** Crosses, so that no colour is needed to tell them from what is generated. */
function paintReal(context, points, { place, dot, colours }) {
  Object.assign(context, { strokeStyle: sidesOf(colours).real, lineWidth: Math.max(1, dot * 0.75) });
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = place(points[i], points[i + 1]);
    for (const [dx, dy] of [[1, 1], [1, -1]]) {
      context.moveTo(x - 1.6 * dot * dx, y - 1.6 * dot * dy);
      context.lineTo(x + 1.6 * dot * dx, y + 1.6 * dot * dy);
    }
  }
  context.stroke();
}

function paintMade(context, points, { place, dot, colours }) {
  Object.assign(context, { fillStyle: sidesOf(colours).made, strokeStyle: colours.ground, lineWidth: 0.75 });
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), 1.35 * dot, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** Arrows from the first generated points along what lowers the generator's loss. */
function paintPulls(context, points, pulls, { place, size, colours }) {
  const unit = size / (2 * VIEW);
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1.1, lineCap: "round" });
  context.beginPath();
  for (let i = 0; i < pulls.length; i += 2) {
    const norm = Math.hypot(pulls[i], pulls[i + 1]);
    const length = Math.min(LONGEST, ARROW * norm) * unit;
    if (length < 1) continue;
    const [x, y] = place(points[i], points[i + 1]);
    const [dx, dy] = [(pulls[i] / norm) * length, (-pulls[i + 1] / norm) * length];
    const head = Math.min(0.35, 5 / length);
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    for (const turn of [1, -1]) {
      context.moveTo(x + dx, y + dy);
      context.lineTo(x + dx * (1 - head) - turn * dy * head * 0.6, y + dy * (1 - head) + turn * dx * head * 0.6);
    }
  }
  context.stroke();
}

/** Rings where the visitor painted. */
function paintPainted(context, points, { place, colours }) {
  Object.assign(context, { strokeStyle: colours.you, lineWidth: 1.5 });
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), 5, 0, 2 * Math.PI);
    context.stroke();
  }
}
