/** The layers of a landscape: energy or density, its contours, chains, and the visitor's cursor. */

import { bytesOf, paintCursor } from "../kit/image/paint.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { paintGround, paintOver, paintRings, pictureOfCells, toScreen } from "../kit/plane/screen.js";

const DARKEST = 150; // of 255
const DEEP = 14; // nats above the lowest place at which the shade ends
/** Energies above the lowest place, in nats, through which a contour goes. */
const LEVELS = [1, 2, 4, 8, 12, 18, 26];
const TRAIL = 24; // frames of the path of the first chain
const DOTS = { few: 3.6, many: 2.4 };
const FEW = 60;

/** The shade's meaning, as an entry of a legend. */
export const shadeKey = (shows) => ["■", shows === "energy" ? "low energy" : "high density", ({ quiet }) => quiet];

/** Shade of each cell of a surface, 0…1: by its energy, or by its density. */
export function shadesOf({ energy, least, logZ }, shows) {
  if (shows === "energy") return energy.map((value) => Math.max(0, 1 - (value - least) / DEEP));
  const top = -least - logZ;
  return energy.map((value) => Math.sqrt(Math.exp(-value - logZ - top)));
}

/** Paints shades (a square of them that reaches out to `half`) over all of the picture. */
export function paintShades(context, { shades, half, size, shown = HALF, colours }) {
  const colour = bytesOf(context, colours.ink);
  paintGround(context, size, colours);
  paintOver(context, pictureOfCells(shades, (shade) => [...colour, DARKEST * shade]), size, (size * half) / shown);
}

/** The cell of a surface in which a place of the picture lies. */
export function cellOf({ side }, x, y) {
  const cell = (value) => Math.max(0, Math.min(side - 1, Math.floor(((value / HALF + 1) / 2) * side)));
  return cell(-y) * side + cell(x);
}

/** Lines of equal energy, by marching squares between the middles of cells. */
export function paintContours(context, { energy, least, side, half }, size, colour) {
  const at = toScreen(size, HALF);
  const middle = (i) => ((2 * i + 1) / side - 1) * half;
  Object.assign(context, { strokeStyle: colour, lineWidth: 0.8 });
  context.beginPath();
  for (const level of LEVELS) {
    for (let row = 0; row + 1 < side; row++) {
      for (let column = 0; column + 1 < side; column++) {
        const cuts = cutsOf(energy, row * side + column, side, least + level);
        for (let k = 0; k + 1 < cuts.length; k += 2) {
          for (
            const [dx, dy, end] of /** @type {[number, number, boolean][]} */ ([
              [...cuts[k], false],
              [...cuts[k + 1], true],
            ])
          ) {
            const [x, y] = at(middle(column + dx), -middle(row + dy));
            if (end) context.lineTo(x, y);
            else context.moveTo(x, y);
          }
        }
      }
    }
  }
  context.stroke();
}

/**
 * Places where a level cuts the sides of a square of four cells: none, two or four.
 * @param {ArrayLike<number>} energy @param {number} cell @param {number} side @param {number} level
 */
function cutsOf(energy, cell, side, level) {
  const corners = [energy[cell], energy[cell + 1], energy[cell + side + 1], energy[cell + side]].map((v) => v - level);
  if (corners.every((value) => value > 0) || corners.every((value) => value <= 0)) return [];
  const from = [[0, 0], [1, 0], [1, 1], [0, 1]];
  return corners.flatMap((value, i) => {
    const next = corners[(i + 1) % 4];
    if (value > 0 === next > 0) return [];
    const share = value / (value - next);
    return [from[i].map((start, k) => start + share * (from[(i + 1) % 4][k] - start))];
  });
}

/**
 * A landscape with what walks over it: `base` is a drawn canvas of the surface; `frames` are the chains, of which `at` is
 * shown; `drops` are the dropped points.
 * @param {Context2d} context @param {number} size
 * @param {{base: CanvasImageSource | null, frames: Frame[], at: number, drops: ArrayLike<number>,
 *   cursor?: [x: number, y: number] | null, colours: Colours, opacity?: number}} scene
 */
export function paintLandscape(context, size, { base, frames, at, drops, cursor, colours, opacity = 1 }) {
  paintGround(context, size, colours);
  if (base) context.drawImage(base, 0, 0, size, size);
  const to = toScreen(size, HALF);
  if (frames[at]) paintChains(context, frames, at, to, colours, opacity);
  paintRings(context, drops, to, 7, colours); // where the visitor dropped chains
  if (cursor) paintCursor(context, to(...cursor), colours.you);
}

/** Chains as dots, rejected proposals as crosses that a line leads to, and the way of the first chain. */
function paintChains(context, frames, at, to, colours, opacity) {
  const { x, pictures } = frames[at];
  const radius = x.length / 2 > FEW ? DOTS.many : DOTS.few;
  context.globalAlpha = 0.35 * opacity;
  dots(context, pictures.hot, to, radius * 0.7, colours.quiet);
  context.globalAlpha = opacity;
  paintRejected(context, pictures, to, colours.quiet);
  paintTrail(context, frames, at, to, colours.you);
  dots(context, x, to, radius, colours.classes[3]);
  dots(context, x.subarray(0, 2), to, radius + 1.5, colours.you);
  context.globalAlpha = 1;
}

/** Points x0, y0, x1, … as dots; `to` says where they stand. */
export function dots(context, points, to, radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = to(points[i], points[i + 1]);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fill();
}

function paintRejected(context, { stayed, proposed }, to, colour) {
  Object.assign(context, { strokeStyle: colour, lineWidth: 1 });
  context.beginPath();
  for (let i = 0; i < stayed.length; i += 2) {
    const [a, b] = to(proposed[i], proposed[i + 1]);
    context.moveTo(...to(stayed[i], stayed[i + 1]));
    context.lineTo(a, b);
    for (const turn of [1, -1]) {
      context.moveTo(a - 3, b - 3 * turn);
      context.lineTo(a + 3, b + 3 * turn);
    }
  }
  context.stroke();
}

function paintTrail(context, frames, at, to, colour) {
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.2, lineJoin: "round" });
  context.beginPath();
  for (let k = Math.max(0, at - TRAIL); k <= at; k++) context.lineTo(...to(frames[k].x[0], frames[k].x[1]));
  context.stroke();
}
