/** A small line chart with one point a snapshot and a mark where the film stands. */
import { h } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { contextOf } from "../kit/pixels.js";

const HEIGHT = 74;
const EDGE = { left: 6, right: 58, top: 20, bottom: 8 };

export function createChart(label) {
  const canvas = h("canvas", { class: "chart", role: "img", "aria-label": label });

  function show(values, index, colours) {
    const width = canvas.clientWidth || 360;
    const context = contextOf(canvas, width, HEIGHT);
    context.clearRect(0, 0, width, HEIGHT);
    const place = placesOf(values, width);
    paintLine(context, values.map((_, i) => place(i)), colours);
    paintMark(context, place(index), colours);
    Object.assign(context, { fillStyle: colours.quiet, font: "12px system-ui, sans-serif", textAlign: "left" });
    context.fillText(label, EDGE.left, 12);
    Object.assign(context, { fillStyle: colours.you, font: "bold 13px ui-monospace, monospace", textAlign: "right" });
    context.fillText(num(values[index]), width - 2, HEIGHT / 2 + 8);
    canvas.setAttribute(
      "aria-label",
      `${label}: ${num(values[index])} at this step, ${num(values[0])} at the start, ` +
        `${num(values.at(-1))} at the end`,
    );
  }

  return { element: canvas, show };
}

function placesOf(values, width) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  return (i) => [
    EDGE.left + (i / Math.max(1, values.length - 1)) * (width - EDGE.left - EDGE.right),
    EDGE.top + (1 - (values[i] - low) / span) * (HEIGHT - EDGE.top - EDGE.bottom),
  ];
}

function paintLine(context, places, colours) {
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1.5 });
  context.stroke();
  context.fillStyle = colours.ink;
  for (const [x, y] of places) context.fillRect(x - 1.5, y - 1.5, 3, 3);
}

function paintMark(context, [x, y], colours) {
  Object.assign(context, { strokeStyle: colours.you, fillStyle: colours.you, lineWidth: 1 });
  context.beginPath();
  context.moveTo(x, EDGE.top - 4);
  context.lineTo(x, HEIGHT - 2);
  context.stroke();
  context.beginPath();
  context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fill();
}
