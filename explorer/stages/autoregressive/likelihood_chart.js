/**
 * Histograms of log p under one network on one canvas: a pattern and a colour a set, the visitor's picture as a mark.
 */

import { num } from "../kit/shell/format.js";
import { paintAxis, paintMark, paintPile, paintThreshold, patternOf } from "../kit/chart/histogram.js";
import { contextOf } from "../kit/image/pixels.js";

export const CHART_HEIGHT = 220;

const FONT = "13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const LEGEND = 20;
const AXIS = 34;
const EDGE = 10;

/** Which colour and pattern stands for a set, in both charts the same. */
const STYLES = {
  mnist: { name: "MNIST test", colour: 0, pattern: "solid" },
  "fashion-mnist": { name: "Fashion-MNIST test", colour: 1, pattern: "hatched" },
  noise: { name: "noise", colour: 7, pattern: "dotted" },
};

/** Places on the axis: −log p on a logarithmic scale, the more likely to the right. */
function scaleOf(edges, width) {
  const [low, high] = [edges[0], edges.at(-1)].map(Math.log);
  const span = width - 2 * EDGE;
  return (logP) => EDGE + span * Math.max(0, Math.min(1, (high - Math.log(Math.max(-logP, 1e-9))) / (high - low)));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{edges: number[], threshold: number, sets: object}} histograms as on the card
 * @param {{width: number, own: string, mark: number | null, colours: object}} how `mark` is the picture's log p
 */
export function paintChart(canvas, histograms, { width, own, mark, colours }) {
  const context = contextOf(canvas, width, CHART_HEIGHT);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${CHART_HEIGHT}px`;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, CHART_HEIGHT);
  Object.assign(context, { font: FONT, textAlign: "left" });
  const x = scaleOf(histograms.edges, width);
  const bottom = CHART_HEIGHT - AXIS;
  const room = bottom - LEGEND - 22;
  for (const name of Object.keys(STYLES)) {
    if (name in histograms.sets) paintSet(context, histograms, { name, own, x, bottom, room, colours });
  }
  paintAxis(context, {
    ...{ ends: [histograms.edges[0], histograms.edges.at(-1)], isLog: true, x: (value) => x(-value), bottom, width },
    ...{ name: "log p(x), nats (logarithmic scale); more likely →", colours },
    wordsOf: (value) => num(-value, value < 1 ? 2 : 0),
  });
  paintFlagged(context, x(histograms.threshold), { bottom, colours });
  paintBlank(context, x(histograms.sets.blank.value), bottom, colours);
  if (mark !== null) paintMark(context, x(mark), { top: LEGEND, bottom, width, text: num(mark, 1), colours });
  paintLegend(context, histograms, { width, colours });
}

/** One set as steps, scaled to its own peak. */
function paintSet(context, { edges, sets }, { name, own, x, bottom, room, colours }) {
  const { colour, pattern } = STYLES[name];
  const how = { bottom, room, tint: colours.classes[colour], pattern, line: name === own ? 2 : 1.25 };
  paintPile(context, sets[name].counts, edges.map((edge) => x(-edge)), how);
}

/** What lies to the left of the threshold is flagged. */
function paintFlagged(context, place, { bottom, colours }) {
  paintThreshold(context, place, { top: LEGEND + 6, bottom, colours });
  context.fillStyle = colours.ink;
  context.textAlign = place > 80 ? "right" : "left";
  context.fillText(place > 80 ? "◂ flagged" : "◂", place - (place > 80 ? 4 : -4), LEGEND + 16);
}

function paintBlank(context, place, bottom, { ink, ground }) {
  Object.assign(context, { strokeStyle: ink, fillStyle: ground, lineWidth: 1.5 });
  diamond(context, place, bottom - 9, 7);
}

function diamond(context, x, y, size) {
  context.beginPath();
  for (const [dx, dy] of [[0, -size], [size, 0], [0, size], [-size, 0]]) context.lineTo(x + dx, y + dy);
  context.closePath();
  context.fill();
  context.stroke();
}

function paintLegend(context, { sets }, { width, colours }) {
  let left = EDGE;
  context.textAlign = "left";
  for (const [name, { name: text, colour, pattern }] of Object.entries(STYLES)) {
    if (!(name in sets)) continue;
    const tint = colours.classes[colour];
    context.fillStyle = patternOf(context, pattern, tint);
    Object.assign(context, { strokeStyle: tint, lineWidth: 1.5 });
    context.fillRect(left, 4, 14, 11);
    context.strokeRect(left, 4, 14, 11);
    context.fillStyle = colours.ink;
    const label = width < 420 ? text.replace(" test", "") : text;
    context.fillText(label, left + 19, 14);
    left += 19 + context.measureText(label).width + 14;
  }
  Object.assign(context, { strokeStyle: colours.ink, fillStyle: colours.ground, lineWidth: 1.5 });
  diamond(context, left + 6, 9.5, 6);
  context.fillStyle = colours.ink;
  context.fillText("blank", left + 17, 14);
}
