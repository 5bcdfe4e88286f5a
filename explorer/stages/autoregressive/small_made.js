/**
 * A small MADE on a canvas: its units with their numbers m, the connections that its masks leave, and those to one
 * output.
 */

import { contextOf } from "../kit/image/pixels.js";

const FONT = "13px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const SMALL = "13px system-ui, sans-serif";
const RADIUS = 12;
const TOP = 34;
const BOTTOM = 10;
const SIDE_ROOM = 34;
const COLUMNS = ["pixels", "hidden", "hidden", "outputs"];

/** Where every unit stands: [x, y] by column. */
function placesOf({ places, hidden }, width, height) {
  const counts = [places.length, ...hidden.map((units) => units.length), places.length];
  return counts.map((count, column) => {
    const x = SIDE_ROOM + (column * (width - 2 * SIDE_ROOM)) / (counts.length - 1);
    const step = (height - TOP - BOTTOM) / count;
    return Array.from({ length: count }, (_, unit) => [x, TOP + step * (unit + 0.5)]);
  });
}

/** The output nearest to a place on the canvas, or null where none is near. */
export function outputAt(made, width, height, x, y) {
  const outputs = placesOf(made, width, height).at(-1);
  const distances = outputs.map(([ox, oy]) => Math.hypot(ox - x, oy - y));
  const nearest = distances.indexOf(Math.min(...distances));
  return distances[nearest] <= 2.2 * RADIUS ? nearest : null;
}

export function paintMade(canvas, { width, height }, made, output, colours) {
  canvas.style.height = `${height}px`;
  const ctx2d = contextOf(canvas, width, height);
  ctx2d.clearRect(0, 0, width, height);
  const spots = placesOf(made, width, height);
  const led = made.outputs[output];
  made.layers.forEach((layer, i) =>
    strokeLines(ctx2d, layer, spots[i], spots[i + 1], { colour: colours.line, width: 1 })
  );
  const straight = made.straight.map((row, to) => row.map((kept) => kept && to === output));
  strokeLines(ctx2d, straight, spots[0], spots.at(-1), { colour: colours.quiet, width: 1, dash: [2, 4] });
  led.lines.forEach((layer, i) =>
    strokeLines(ctx2d, layer, spots[i], spots[i + 1], { colour: colours.you, width: 1.6 })
  );
  paintUnits(ctx2d, made, spots, { led, output, colours });
}

function strokeLines(ctx2d, layer, from, to, { colour, width, dash = [] }) {
  Object.assign(ctx2d, { strokeStyle: colour, lineWidth: width });
  ctx2d.setLineDash(dash);
  ctx2d.beginPath();
  layer.forEach((row, unit) =>
    row.forEach((kept, other) => {
      if (!kept) return;
      ctx2d.moveTo(...from[other]);
      ctx2d.lineTo(...to[unit]);
    })
  );
  ctx2d.stroke();
  ctx2d.setLineDash([]);
}

/** Each unit with its number; those on a path are filled, the chosen output has a second ring. */
function paintUnits(ctx2d, made, spots, { led, output, colours }) {
  const numbers = [made.places, ...made.hidden, made.places];
  ctx2d.textAlign = "center";
  ctx2d.textBaseline = "middle";
  spots.forEach((column, i) => {
    ctx2d.font = SMALL;
    ctx2d.fillStyle = colours.quiet;
    ctx2d.fillText(COLUMNS[i], column[0][0], 12);
    column.forEach((spot, unit) => {
      const on = led.units[i][unit];
      paintUnit(ctx2d, spot, {
        text: String(numbers[i][unit]),
        on,
        chosen: i === spots.length - 1 && unit === output,
        colours,
      });
    });
  });
  ctx2d.textBaseline = "alphabetic";
}

function paintUnit(ctx2d, [x, y], { text, on, chosen, colours }) {
  ctx2d.beginPath();
  ctx2d.arc(x, y, RADIUS, 0, 2 * Math.PI);
  ctx2d.fillStyle = on ? colours.you : colours.ground;
  ctx2d.fill();
  Object.assign(ctx2d, { strokeStyle: on ? colours.you : colours.quiet, lineWidth: 1.25 });
  ctx2d.stroke();
  ctx2d.font = FONT;
  ctx2d.fillStyle = on ? colours.ground : colours.ink;
  ctx2d.fillText(text, x, y + 0.5);
  if (!chosen) return;
  ctx2d.beginPath();
  ctx2d.arc(x, y, RADIUS + 4, 0, 2 * Math.PI);
  ctx2d.stroke();
}
