/** The layers of the plane: density, arrows, walks, and the visitor's cursor. */

import { bytesOf, paintCursor } from "../image/paint.js";
import { paintGround, paintOver, paintRings, pictureOfCells, toScreen } from "./screen.js";

/** Distance from the middle of a field to its edge, and how many arrows stand side by side in it. */
export const HALF = 3;
export const ARROWS = 17;
const CELL = (2 * HALF) / ARROWS;

/** Points in the middles of `count` cells a side, row by row from the top left: x0, y0, … @param {number} count */
export function gridOf(count) {
  const place = (i) => ((2 * i + 1) / count - 1) * HALF;
  return Float32Array.from({ length: 2 * count * count }, (_, i) => {
    const cell = i >> 1;
    return i % 2 ? -place(Math.floor(cell / count)) : place(cell % count);
  });
}

/** The noise whose arrow is as long as its cell; what is larger is cut there. */
const LONGEST = 3;
const DARKEST = 110; // of 255
const VEILED = 0.4;
const FRESH = 12; // steps until a walk has faded to its faintest
const FAINTEST = 0.22;
const HEAD = 0.45;

/**
 * @param {{level: object | null, frames: object[], at: number, ways: string[], drops: number[], cursor: number[],
 * colours: object}} scene `level` is a field at a time, and of `frames`, `at` is shown
 */
export function paintPlane(context, size, scene) {
  const { colours } = scene;
  const place = toScreen(size, HALF);
  paintGround(context, size, colours);
  if (!scene.level) return;
  if (scene.level.density) paintDensity(context, scene.level.density, size, colours);
  const { points, learned, exact } = scene.level.arrows;
  if (exact) {
    context.globalAlpha = VEILED;
    paintArrows(context, points, exact, { place, size, colour: colours.quiet, width: 4 });
    context.globalAlpha = 1;
  }
  paintArrows(context, points, learned, { place, size, colour: colours.ink, width: 1.25 });
  for (const way of scene.ways) paintWalks(context, scene.frames, way, { at: scene.at, place, colours });
  paintRings(context, scene.drops, place, 6, colours); // where the visitor dropped the points
  if (scene.cursor) paintCursor(context, place(scene.cursor[0], scene.cursor[1]), colours.you);
}

function paintDensity(context, shares, size, { ink }) {
  const colour = bytesOf(context, ink);
  paintOver(context, pictureOfCells(shares, (share) => [...colour, DARKEST * Math.sqrt(share)]), size);
}

/** Arrows along the score, which is opposite to the noise; longer ones than a cell are cut to it. */
function paintArrows(context, points, noise, { place, size, colour, width }) {
  const longest = (0.92 * CELL * size) / (2 * HALF);
  Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: width, lineCap: "round" });
  context.beginPath();
  const heads = [];
  for (let i = 0; i < points.length; i += 2) {
    const norm = Math.hypot(noise[i], noise[i + 1]);
    if (!(norm > 0.02)) continue;
    const length = longest * Math.min(1, norm / LONGEST);
    const [dx, dy] = [(-noise[i] / norm) * length, (noise[i + 1] / norm) * length];
    const [x, y] = place(points[i], points[i + 1]);
    context.moveTo(x - dx / 2, y - dy / 2);
    context.lineTo(x + dx / 2, y + dy / 2);
    heads.push([x + dx / 2, y + dy / 2, dx, dy, Math.min(1, (4 + width) / length)]);
  }
  context.stroke();
  context.beginPath();
  for (const [x, y, dx, dy, share] of heads) {
    const [bx, by] = [x - dx * share, y - dy * share];
    context.moveTo(x, y);
    context.lineTo(bx - dy * share * HEAD, by + dx * share * HEAD);
    context.lineTo(bx + dy * share * HEAD, by - dx * share * HEAD);
  }
  context.fill();
}

/** The colour of a way; its mark is a square or a circle. */
export const colourOf = (way, colours) => colours.classes[way === "sde" ? 1 : 0];

/** Each point's way so far, which fades, and a mark where it is now. */
function paintWalks(context, frames, way, { at, place, colours }) {
  const count = (frames[0]?.[way].length ?? 0) / 2;
  const placeAt = (k, i) => place(frames[k][way][2 * i], frames[k][way][2 * i + 1]);
  Object.assign(context, { lineJoin: "round", lineCap: "round", strokeStyle: colourOf(way, colours), lineWidth: 2 });
  for (let k = 1; k <= at; k++) {
    context.globalAlpha = fade(way, at - k);
    context.beginPath();
    for (let i = 0; i < count; i++) {
      context.moveTo(...placeAt(k - 1, i));
      context.lineTo(...placeAt(k, i));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
  for (let i = 0; i < count; i++) paintMark(context, placeAt(at, i), way, colours);
}

/** Opacity of a step by the number of later ones; a smooth path stays, as it covers nothing. */
const fade = (way, steps) => (way === "ode" ? 1 : Math.max(FAINTEST, 1 - steps / FRESH));

function paintMark(context, [x, y], way, colours) {
  Object.assign(context, { fillStyle: colourOf(way, colours), strokeStyle: colours.ground, lineWidth: 1.5 });
  context.beginPath();
  if (way === "sde") context.rect(x - 4.5, y - 4.5, 9, 9);
  else context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
