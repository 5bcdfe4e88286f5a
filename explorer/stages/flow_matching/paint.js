/** Painting of the plane of lines and paths: pairs and their lines, learned paths, and the velocities at one point. */

import { paintCursor } from "../kit/image/paint.js";
import { paintGround, paintRings, toScreen } from "../kit/plane/screen.js";

const UNIT = 0.08; // of the plane, the length of an arrow for a velocity of 1
const HEAD = 7;

/**
 * Points x0, y0, x1, … as dots, or as rings where they are `hollow`.
 * @param {Context2d} context @param {ArrayLike<number>} points @param {ReturnType<typeof toScreen>} place
 * @param {{colour: string, radius: number, hollow?: boolean}} look
 */
export function paintDots(context, points, place, { colour, radius, hollow = false }) {
  Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 2 });
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), radius, 0, 2 * Math.PI);
    if (hollow) context.stroke();
    else context.fill();
  }
}

/** A straight line from a point to its partner. */
function paintLine(context, [fromX, fromY], [toX, toY], place, { colour, width, opacity }) {
  Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: opacity });
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(...place(fromX, fromY));
  context.lineTo(...place(toX, toY));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The ways of points through their first `count` states. */
export function paintPaths(context, states, count, place, { colour, width, opacity = 1 }) {
  Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round", globalAlpha: opacity });
  context.beginPath();
  for (let i = 0; i < states[0].length; i += 2) {
    context.moveTo(...place(states[0][i], states[0][i + 1]));
    for (let k = 1; k < count; k++) context.lineTo(...place(states[k][i], states[k][i + 1]));
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * An arrow for a velocity [vx, vy] at a point; `unit` is its length for a velocity of 1.
 * @param {Context2d} context @param {Point} point @param {Point} v @param {number} unit
 * @param {{colour: string, width: number, opacity?: number}} look
 */
function paintArrow(context, [x, y], v, unit, { colour, width, opacity = 1 }) {
  const [dx, dy] = [v[0] * unit, -v[1] * unit];
  const length = Math.hypot(dx, dy);
  if (length < 1) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(HEAD + width, length);
  Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: width, globalAlpha: opacity });
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx - ux * head * 0.7, y + dy - uy * head * 0.7);
  context.stroke();
  context.beginPath();
  context.moveTo(x + dx, y + dy);
  context.lineTo(x + dx - head * (ux + 0.45 * uy), y + dy - head * (uy - 0.45 * ux));
  context.lineTo(x + dx - head * (ux - 0.45 * uy), y + dy - head * (uy + 0.45 * ux));
  context.fill();
  context.globalAlpha = 1;
}

/** Colours of the paths: those of the most distinct classes, far from the visitor's colour. */
const PATHS = [3, 9, 2, 0, 7, 4, 6, 5];
const PALE = 0.5; // what is ahead, and the line to the partner, in the colour of their path

/**
 * @typedef {[x: number, y: number]} Place
 * @typedef {object} Probe velocities at a point: learned, exact, and those of some lines
 * @property {Point} learned
 * @property {Point | null} exact
 * @property {Point[]} lines
 */

/**
 * @param {Context2d} context @param {number} size
 * @param {{colours: Colours, half: number, all: Float32Array, pairs: Record<"noise" | "data", Float32Array>,
 *   states: Float32Array[], now: Float32Array, count: number, probe: Probe, point: Place, cursor?: Place | null}} scene
 *   what `paths` gives
 */
export function paintScene(context, size, scene) {
  const { colours, half, all, pairs, states, now, count, probe, point, cursor } = scene;
  const place = toScreen(size, half);
  paintGround(context, size, colours);
  paintDots(context, all, place, { colour: colours.line, radius: 2.5 });
  for (let i = 0; i < pairs.noise.length / 2; i++) {
    const colour = colours.classes[PATHS[i % PATHS.length]];
    const of = (x) => x.subarray(2 * i, 2 * i + 2);
    const path = states.map(of);
    paintLine(context, of(pairs.noise), of(pairs.data), place, { colour, width: 1, opacity: PALE });
    paintPaths(context, path, path.length, place, { colour, width: 1.5, opacity: PALE });
    paintPaths(context, path, count, place, { colour, width: 3 });
    paintDots(context, of(pairs.noise), place, { colour, radius: 5, hollow: true });
    paintDots(context, of(now), place, { colour, radius: 6 });
  }
  paintArrow(context, place(...point), probe.learned, UNIT * size, { colour: colours.ink, width: 2.5 });
  paintRings(context, point, place, 6, colours);
  if (cursor) paintCursor(context, place(...cursor), colours.you);
}

/**
 * The velocities at the visitor's point, large: of some lines through it, their exact mean, and the network's.
 * @param {Context2d} context @param {number} side @param {{probe: Probe, point: Point, colours: Colours}} scene
 */
export function paintVelocities(context, side, { probe, point, colours }) {
  const middle = [side / 2, side / 2];
  const fastest = Math.max(...[...probe.lines, probe.learned].map((v) => Math.hypot(...v)));
  const unit = (0.46 * side) / fastest;
  paintGround(context, side, colours);
  for (const v of probe.lines) paintArrow(context, middle, v, unit, { colour: colours.quiet, width: 1, opacity: 0.55 });
  if (probe.exact) paintArrow(context, middle, probe.exact, unit, { colour: colours.ink, width: 6, opacity: 0.35 });
  paintArrow(context, middle, probe.learned, unit, { colour: colours.ink, width: 2.5 });
  paintRings(context, point, () => middle, 3, colours);
}
