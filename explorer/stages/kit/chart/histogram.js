/** What histograms are painted of: patterned piles, and the mark of the visitor's picture. */

import { say } from "../shell/dom.js";

const APART = 56; // px from one value of an axis to the next, at least
const FEW = 3; // round values, below which an axis takes evenly spaced ones

/** Round values between two: of every power of ten, or evenly spaced. */
function roundValues([low, high], isLog) {
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (i - 4)).flatMap((each) => [each, 2 * each, 5 * each]);
  const found = powers.filter((value) => value >= low && value <= high);
  if (isLog && found.length >= FEW) return found;
  const step = 10 ** Math.floor(Math.log10((high - low) / 2));
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/**
 * The axis of a histogram from `ends[0]` to `ends[1]`: round values as far apart as their words need, and its `name`.
 * `x` is the place of a value.
 */
export function paintAxis(context, { ends, isLog, x, bottom, width, name, wordsOf, colours }) {
  context.fillStyle = colours.line;
  context.fillRect(0, bottom, width, 1);
  Object.assign(context, { fillStyle: colours.quiet, textAlign: "center" });
  let last = -Infinity;
  for (const value of roundValues(ends, isLog)) {
    if (Math.abs(x(value) - last) < APART) continue;
    last = x(value);
    context.fillRect(last, bottom, 1, 4);
    const half = context.measureText(wordsOf(value)).width / 2;
    context.fillText(wordsOf(value), Math.max(half, Math.min(width - half, last)), bottom + 16);
  }
  context.textAlign = "right";
  context.fillText(name, width, bottom + 31, width);
}

/** A dashed line at what is flagged beyond it. */
export function paintThreshold(context, place, { top, bottom, colours }) {
  context.save();
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1.25 });
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(place, top);
  context.lineTo(place, bottom);
  context.stroke();
  context.restore();
}

/** A small tile that repeats in device pixels: stripes or dots of a colour. */
function patternOf(context, kind, colour) {
  if (kind === "solid") return colour;
  const tile = new OffscreenCanvas(8, 8);
  const small = tile.getContext("2d");
  Object.assign(small, { strokeStyle: colour, fillStyle: colour, lineWidth: 2 });
  if (kind === "hatched") {
    small.beginPath();
    for (const shift of [-8, 0, 8]) {
      small.moveTo(shift, 8);
      small.lineTo(shift + 8, 0);
    }
    small.stroke();
  } else small.fillRect(2, 2, 3, 3);
  return context.createPattern(tile, "repeat");
}

/** Counts as steps between `places`, one more than there are, scaled to their own peak and filled with a pattern. */
export function paintPile(context, counts, places, { bottom, room, tint, pattern, line }) {
  const peak = Math.max(...counts);
  context.save();
  context.beginPath();
  context.moveTo(places[0], bottom);
  counts.forEach((count, i) => {
    const y = bottom - (room * count) / peak;
    context.lineTo(places[i], y);
    context.lineTo(places[i + 1], y);
  });
  context.lineTo(places.at(-1), bottom);
  context.globalAlpha = pattern === "solid" ? 0.45 : 0.9;
  context.fillStyle = patternOf(context, pattern, tint);
  context.fill();
  context.globalAlpha = 1;
  Object.assign(context, { strokeStyle: tint, lineWidth: line });
  context.stroke();
  context.restore();
}

/** The visitor's picture: a line with a head, and its number. */
export function paintMark(context, place, { top, bottom, width, text, colours }) {
  context.fillStyle = colours.you;
  context.fillRect(place - 1, top + 30, 2, bottom - top - 30);
  context.beginPath();
  for (const [dx, dy] of [[-6, 0], [6, 0], [0, 9]]) context.lineTo(place + dx, top + 24 + dy);
  context.fill();
  const words = `yours ${text}`;
  const wide = context.measureText(words).width + 10;
  const left = place + wide > width ? Math.max(0, place - wide) : place + 9;
  context.textAlign = "left";
  Object.assign(context, { strokeStyle: colours.ground, lineWidth: 4, lineJoin: "round" });
  context.strokeText(words, left, top + 33);
  context.fillText(say(words), left, top + 33);
}
