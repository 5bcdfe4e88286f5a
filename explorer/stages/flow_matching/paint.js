/** Painting of the plane of lines and paths: pairs and their lines, learned paths, and the velocities at one point. */

import { paintCursor } from "../kit/image/paint.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { paintGround, paintRings, toScreen } from "../kit/plane/screen.js";

const ARROW = 0.45; // of the plane, for a velocity of 1
const HEAD = 7;

export function paintDots(context, points, place, { colour, radius, hollow = false }) {
  Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 1 });
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(...place(points[i], points[i + 1]), radius, 0, 2 * Math.PI);
    if (hollow) context.stroke();
    else context.fill();
  }
}

/** Straight lines from each point to its partner. */
function paintLines(context, from, to, place, { colour, width, opacity }) {
  Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: opacity });
  context.beginPath();
  for (let i = 0; i < from.length; i += 2) {
    context.moveTo(...place(from[i], from[i + 1]));
    context.lineTo(...place(to[i], to[i + 1]));
  }
  context.stroke();
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

/** An arrow for a velocity [vx, vy] at a point. */
function paintArrow(context, point, v, place, size, { colour, width, opacity = 1 }) {
  const [x, y] = place(...point);
  const [dx, dy] = [v[0] * ARROW * size / (2 * HALF), -v[1] * ARROW * size / (2 * HALF)];
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

/** @param {object} scene what `Paths.scene` gives */
export function paintScene(context, size, scene) {
  const { colours, all, pairs, states, now, count, probe, point, cursor } = scene;
  const place = toScreen(size, HALF);
  paintGround(context, size, colours);
  paintDots(context, all, place, { colour: colours.line, radius: 3.5 });
  paintLines(context, pairs.noise, pairs.data, place, { colour: colours.quiet, width: 0.75, opacity: 0.3 });
  paintDots(context, pairs.noise, place, { colour: colours.ink, radius: 3.5, hollow: true });
  paintDots(context, pairs.data, place, { colour: colours.quiet, radius: 2 });
  paintDots(context, pairs.now, place, { colour: colours.quiet, radius: 2.5 });
  if (states) {
    paintPaths(context, states, states.length, place, { colour: colours.classes[3], width: 1, opacity: 0.35 });
    paintPaths(context, states, count, place, { colour: colours.classes[3], width: 1.75 });
    paintDots(context, now, place, { colour: colours.classes[3], radius: 3.5 });
  }
  for (const v of probe?.lines ?? []) {
    paintArrow(context, point, v, place, size, { colour: colours.quiet, width: 1.25, opacity: 0.55 });
  }
  if (probe?.exact) {
    paintArrow(context, point, probe.exact, place, size, { colour: colours.ink, width: 5, opacity: 0.35 });
  }
  if (probe?.learned) paintArrow(context, point, probe.learned, place, size, { colour: colours.you, width: 2.5 });
  paintRings(context, point, place, 6, colours);
  if (cursor) paintCursor(context, place(...cursor), colours.you);
}
