/** Charts over time t on a logarithmic axis: places, and axes for whoever paints on them. */

import { say } from "../shell/dom.js";
import { brief, num } from "../shell/format.js";

const FONT = "13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const EDGE = { left: 46, right: 12, top: 10, bottom: 34 };

/** Places between two values, by the logarithm or as they are. */
function scaleOf([low, high], [from, to], log) {
  const of = log ? Math.log : (value) => value;
  return (value) => from + ((of(Math.max(value, low)) - of(low)) / (of(high) - of(low))) * (to - from);
}

const powers = ([low, high]) =>
  Array.from({ length: 13 }, (_, i) => 10 ** (i - 8)).filter((value) => value >= low && value <= high);

/** About four round values from 0 to `high`. */
function rounds([, high]) {
  const rough = high / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
}

/** A value as short as it can be read. */
const short = (value) => brief(value, value < 0.01 ? 1 : 3);

/**
 * Clears the canvas, paints the axes and returns how to place what comes on them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number, xs: number[], ys: number[], logY: boolean, name: string, colours: object}}
 * how `xs` and `ys` are the lowest and the highest value; `name` is that of the vertical axis
 */
export function paintAxes(context, { width, height, xs, ys, logY, name, colours }) {
  const [left, right, top, bottom] = [EDGE.left, width - EDGE.right, EDGE.top + 16, height - EDGE.bottom];
  const x = scaleOf(xs, [left, right], true);
  const y = scaleOf(ys, [bottom, top], logY);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  Object.assign(context, {
    font: FONT,
    textAlign: "right",
    lineWidth: 1,
    strokeStyle: colours.line,
    fillStyle: colours.quiet,
  });
  for (const value of logY ? powers(ys) : rounds(ys)) {
    context.beginPath();
    context.moveTo(left, y(value));
    context.lineTo(right, y(value));
    context.stroke();
    context.fillText(short(value), left - 6, y(value) + 4);
  }
  context.textAlign = "center";
  for (const value of powers(xs)) {
    context.fillRect(x(value), bottom, 1, 4);
    const text = num(value, 0);
    context.fillText(text, Math.min(x(value), width - context.measureText(text).width / 2), bottom + 17);
  }
  context.textAlign = "left";
  context.fillText(say(name), left, EDGE.top + 2);
  context.textAlign = "right";
  context.fillText(say("time t →"), right, bottom + 31);
  return { x, y, left, right, top, bottom };
}
