/** Small charts: lines and bars over a plain axis, with a cursor that a pointer may drag. */

import { h, placeIn, say, setName } from "../base/dom.js";
import { onDrag } from "../base/drag.js";
import { MINUS, num } from "../base/format.js";
import { roundTicks } from "./ticks.js";
import { contextOf, densityOf, onSize } from "../image/pixels.js";

const FONT = "13px system-ui, sans-serif";
const EDGE = { left: 34, right: 8, top: 22, bottom: 20 };
const TITLE = 12; // the base line of a chart's name
const LINE = 16; // to that of its second line
const SQUEEZED = 1.05; // times the chart's width that a line may have before it breaks
const UNIT = 12; // radius of a circle
const BESIDE = 5; // from an axis to the names of its values

/** A colour by its name, or that of a class by its number. @param {Colours} colours @param {string | number} name */
const named = (colours, name) => colours.classes[name] ?? colours[name];

/** @param {Ends} values @param {Ends} places @returns {(value: number) => number} */
const scaleOf = ([low, high], [from, to]) => (value) => from + ((value - low) / (high - low)) * (to - from);

export class Chart {
  /**
   * `onMove(x, { rest, up })` gets the place under a dragging pointer, its height `up`, and once more when it rests.
   * @param {Pick<Ctx, "colours">} ctx
   * @param {{label: string, height: number, onMove?: (x: number, how: {rest: boolean, up?: number}) => void}} what
   */
  constructor(ctx, { label, height, onMove = null }) {
    this.ctx = ctx;
    this.label = label;
    this.onMove = onMove;
    /** @type {ChartContent | null} */
    this.what = null;
    this.left = EDGE.left;
    /** @type {string[]} */
    this.title = [];
    /** @type {Colours | undefined} */
    this.colours = undefined;
    this.ratio = 1;
    this.canvas = h("canvas", { class: onMove ? "chart movable" : "chart", role: "img", "aria-label": label, height });
    this.element = h("div", { class: "chart-frame" }, this.canvas);
    this.setHeight(height);
    this.width = this.height = 0;
    onSize(this.element, () => this.measure());
    if (onMove) this.listen();
  }

  /** Height of the chart where nothing gives it more room. @param {number} pixels */
  setHeight(pixels) {
    this.element.style.setProperty("--height", String(pixels));
  }

  listen() {
    const tell = (event, rest) => this.onMove(this.placeOf(event), { rest, up: this.upOf(event) });
    onDrag(this.canvas, {
      take: () => this.what && { earlier: this.what.cursor },
      move: (event) => tell(event, false),
      end: (event) => tell(event, true),
      cancel: ({ earlier }) => earlier !== null && this.onMove(earlier, { rest: false }),
    });
  }

  /** Places of the axes' values on the canvas, and values at its pixels. */
  get scales() {
    const { what: { xs, ys }, left, title, width, height } = this;
    const [across, up] = [[left, width - EDGE.right], [height - EDGE.bottom, topOf(title)]];
    return { x: scaleOf(xs, across), y: scaleOf(ys, up), xAt: scaleOf(across, xs), yAt: scaleOf(up, ys) };
  }

  /** The value of the other axis under a pointer. @param {PointerEvent} event */
  upOf(event) {
    return this.scales.yAt(placeIn(this.canvas, event)[1]);
  }

  /** @param {PointerEvent} event */
  placeOf(event) {
    const [low, high] = this.what.xs.toSorted((a, b) => a - b); // an axis may run down
    const place = this.scales.xAt(placeIn(this.canvas, event)[0]);
    return Math.max(low, Math.min(high, place));
  }

  /** Shows a chart once it has a size. @param {ChartContent} what */
  show(what) {
    const ticks = { x: roundTicks(what.xs), y: roundTicks(what.ys), ...what.ticks };
    this.what = { areas: [], lines: [], bars: [], circles: [], cursor: null, dot: null, ...what, ticks };
    setName(this.canvas, this.label, what.words);
    this.draw();
  }

  /** Reads the size of its place. Reading it at every drawing would lay out the page each time. */
  measure() {
    const { clientWidth, clientHeight } = this.element;
    this.width = clientWidth;
    this.height = clientHeight;
    this.ratio = densityOf(this.element);
    this.draw();
  }

  draw() {
    const { canvas, width, height, ratio } = this;
    if (!this.what || !width) return;
    const context = contextOf(canvas, width, height, ratio);
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    this.colours ??= this.ctx.colours();
    this.left = leftOf(context, this.what);
    this.title = titleOf(context, say(this.what.name), SQUEEZED * (width - EDGE.right));
    const { left, title, colours } = this;
    paintChart(context, this.what, { left, title, width, height, colours });
  }
}

/**
 * Left edge of the chart, with room for the longest name of a value.
 * @param {Context2d} context @param {ChartContent} what
 */
function leftOf(context, { ticks, names }) {
  context.font = FONT;
  const texts = names?.y ?? ticks.y.map(tickOf);
  return Math.max(
    texts.length ? EDGE.left : EDGE.right,
    ...texts.map((text) => Math.ceil(context.measureText(text).width) + BESIDE + 1),
  );
}

/**
 * Lines of a chart's name, as many as it needs to be no wider than the chart.
 * @param {Context2d} context @param {string} name @param {number} width
 */
function titleOf(context, name, width) {
  context.font = FONT;
  const lines = [];
  for (const word of name.split(" ")) {
    const longer = [lines.at(-1), word].filter(Boolean).join(" ");
    if (lines.length && context.measureText(longer).width > width) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines.filter(Boolean);
}

/** Upper edge of the drawing, below the chart's title. @param {string[]} title */
const topOf = (title) => EDGE.top + LINE * Math.max(0, title.length - 1);

/** @param {Context2d} context @param {ChartContent} what */
function paintChart(context, what, { left, title, width, height, colours }) {
  const [right, top, bottom] = [width - EDGE.right, topOf(title), height - EDGE.bottom];
  const x = scaleOf(what.xs, [left, right]);
  const y = scaleOf(what.ys, [bottom, top]);
  context.clearRect(0, 0, width, height);
  const titles = paintAxes(context, what, { x, y, left, right, bottom, title, colours });
  for (const area of what.areas) {
    paintArea(context, area.points.map(([a, b]) => [x(a), y(b)]), { ...area, colour: named(colours, area.colour) });
  }
  const foot = what.ys[0] < 0 ? y(0) : bottom;
  for (const bar of what.bars) {
    context.fillStyle = named(colours, bar.colour ?? "quiet");
    context.fillRect(x(bar.x0) + 0.5, y(bar.y), Math.max(1, x(bar.x1) - x(bar.x0) - 1), foot - y(bar.y));
  }
  for (const line of what.lines) {
    paintLine(context, line.points.map(([a, b]) => [x(a), y(b)]), { ...line, colour: named(colours, line.colour) });
  }
  const grips = Object.values(what.grips ?? {}).map(({ at: [a, b] }) => ({
    from: x(a) - UNIT,
    to: x(a) + UNIT,
    base: y(b) + 4,
  }));
  const taken = { taken: [...titles, ...grips], cursor: what.cursor };
  paintLabels(context, what.lines, { x, y, left, right, bottom, colours, ...taken });
  if (what.cursor !== null) {
    paintLine(context, [[x(what.cursor), top - 4], [x(what.cursor), bottom]], { colour: colours.you, width: 1.5 });
  }
  for (const { at, ...unit } of what.circles) paintUnit(context, x(at[0]), y(at[1]), { ...unit, colours });
  if (!what.dot) return;
  context.fillStyle = colours.you;
  context.beginPath();
  context.arc(x(what.dot[0]), y(what.dot[1]), 5, 0, 2 * Math.PI);
  context.fill();
}

/** Returns where the lines of the chart's name stand. @param {Context2d} context @param {ChartContent} what */
function paintAxes(context, { ticks, names, along }, { x, y, left, right, bottom, title, colours }) {
  Object.assign(context, { font: FONT, lineWidth: 1, strokeStyle: colours.line, fillStyle: colours.quiet });
  context.textAlign = "right";
  for (const [index, value] of ticks.y.entries()) {
    paintLine(context, [[left, y(value)], [right, y(value)]], { colour: colours.line, width: 1 });
    context.fillText(names?.y?.[index] ?? tickOf(value), left - BESIDE, y(value) + 4);
  }
  context.textAlign = "center";
  let free = Infinity; // from the right, where the last name stands with the unit; one that has no room is left out
  for (const [index, value] of [...ticks.x.entries()].toSorted(([, a], [, b]) => x(b) - x(a))) {
    const unit = along && free === Infinity ? ` ${say(along)}` : "";
    const text = say(names?.x?.[index] ?? tickOf(value)) + unit;
    const half = context.measureText(text).width / 2;
    const middle = Math.min(right - half, Math.max(left + half, x(value)));
    if (middle + half > free) continue;
    context.fillText(text, middle, bottom + 15);
    free = middle - half - BESIDE;
  }
  Object.assign(context, { font: FONT, textAlign: "left" });
  const widths = title.map((line) => Math.min(right, context.measureText(line).width)); // else narrower
  const from = Math.min(left, right - Math.max(0, ...widths));
  return title.map((line, k) => {
    const base = TITLE + k * LINE;
    context.fillText(line, from, base, right);
    return { from, to: from + widths[k], base };
  });
}

const tickOf = (value) =>
  Math.abs(value) >= 10000
    ? value.toLocaleString("en").replace("-", MINUS)
    : num(value, Number.isInteger(value) ? 0 : Number.isInteger(value * 10) ? 1 : 2);

/**
 * The names of lines, each where the fewest lines and names lie under it, and not the cursor; what is `taken` is no place
 * for them.
 */
function paintLabels(context, lines, { x, y, left, right, bottom, colours, taken, cursor }) {
  if (!lines.some(({ label }) => label)) return;
  Object.assign(context, {
    font: FONT,
    textAlign: "left",
    strokeStyle: colours.ground,
    lineWidth: 4,
    lineJoin: "round",
  });
  const shown = lines.map(({ points }) => points.map(([a, b]) => [x(a), y(b)]));
  const upright = cursor === null ? [] : [[[x(cursor), 0], [x(cursor), bottom]]];
  const dots = [...shown, ...upright].flatMap(dotsOf);
  for (const [k, { label, colour, below, over, beside, at }] of lines.entries()) {
    if (!label) continue;
    const text = say(label);
    const width = context.measureText(text).width;
    const last = shown[k].length - 1;
    if (beside && shown[k][last][0] + BESIDE + width >= right) continue;
    const found = [at ?? last, ...[0.75, 0.5, 0.25].map((share) => Math.round(share * last))].flatMap((i) => {
      const [middle, height] = shown[k][i];
      const from = over ? Math.min(right - width - 2, middle - width / 2) : besideOf(middle, width, right);
      if (!last) return [{ from, base: height + 4 }];
      const sides = below || height < 20 ? [16, -6] : [-6, 16];
      const places = [middle - width / 2, middle + BESIDE, middle - BESIDE - width];
      return places.flatMap((place) => {
        const from = Math.max(left + 2, Math.min(right - width - 2, place));
        return sides.map((away) => ({ from, base: height + away }));
      });
    });
    const inside = found.filter(({ base }) => base >= TITLE && base < bottom);
    const cost = ({ from, base }) =>
      dots.filter(([px, py]) => px > from && px < from + width && py > base - 12 && py < base + 4).length +
      100 *
        taken.filter((other) => Math.abs(other.base - base) < 16 && other.from < from + width && from < other.to)
          .length;
    const costs = new Map((inside.length ? inside : found).map((place) => [place, cost(place)]));
    const [{ from, base }] = [...costs].reduce((best, each) => (each[1] < best[1] ? each : best));
    taken.push({ from, base, to: from + width });
    context.strokeText(text, from, base);
    context.fillStyle = named(colours, colour);
    context.fillText(text, from, base);
  }
}

/** Beginning of the name of a single point, to the right of it or to the left, as there is room. */
function besideOf(middle, width, right) {
  return middle + BESIDE + width < right ? middle + BESIDE : middle - BESIDE - width;
}

/** Places along a line on the screen, a few pixels apart. @param {Point[]} points @returns {Point[]} */
function dotsOf(points) {
  return points.slice(1).flatMap(([a, b], i) => {
    const [from, to] = points[i];
    const count = Math.ceil(Math.hypot(a - from, b - to) / 4);
    return Array.from({ length: count }, (_, k) => [from + ((a - from) * k) / count, to + ((b - to) * k) / count]);
  });
}

/** @param {Context2d} context @param {number} x @param {number} y @param {ChartUnit & {colours: Colours}} unit */
function paintUnit(context, x, y, { text, on, ringed, colours }) {
  const colour = on ? colours.you : colours.quiet;
  Object.assign(context, { fillStyle: on ? colour : colours.ground, strokeStyle: colour, lineWidth: 1.25 });
  for (const radius of ringed ? [UNIT, UNIT + 4] : [UNIT]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (radius === UNIT) context.fill();
    context.stroke();
  }
  Object.assign(context, { font: FONT, textAlign: "center", fillStyle: on ? colours.ground : colours.ink });
  context.fillText(text, x, y + 4);
}

/** Outline of the area between a curve and the axis. @param {Point[]} points */
export const under = (points) => [[points[0][0], 0], ...points, [points.at(-1)[0], 0]];

/** Paints the area inside points [x, y] of the screen. @param {Context2d} context @param {Point[]} points */
function paintArea(context, points, { colour, alpha = 0.15 }) {
  Object.assign(context, { fillStyle: colour, globalAlpha: alpha });
  context.beginPath();
  for (const point of points) context.lineTo(point[0], point[1]);
  context.fill();
  context.globalAlpha = 1;
}

/** A line through points [x, y] on the screen. @param {Context2d} context @param {Point[]} points */
function paintLine(context, points, { colour, width = 2, dash = [] }) {
  context.save();
  Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round" });
  context.setLineDash(dash);
  context.beginPath();
  for (const point of points) context.lineTo(point[0], point[1]);
  context.stroke();
  context.restore();
}
