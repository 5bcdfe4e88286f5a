/** Points of the plane as the questions draw them: a cloud, one point to choose, a coordinate to keep. */

import { h, isBrowsers, setName, setText } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { num, pair } from "../kit/base/format.js";
import { segmented } from "../kit/panel/parts.js";
import { contextOf, onSize, squareIn } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { SPACES } from "../spaces/spaces.js";
import { fromBase64 } from "../kit/plane/tensors.js";

const VIEW = 2.5; // the plane is shown from −VIEW to VIEW
const DOT = 1.4; // of a cloud of SIDE or less; larger ones have larger dots
const SIDE = 220; // of a cloud in a picture to keep
const STEP = 0.1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const COUNTED = ["x₁", "x₂"];
const PALE = 0.35; // test data, behind what is generated
const pale = ({ quiet, ground }) => `color-mix(in srgb, ${quiet} ${100 * PALE}%, ${ground})`;
const KEYS = [["●", "generated", ({ ink }) => ink], ["●", "test data", pale]];
const CHOSEN = ["●", "your point", ({ you }) => you];
const ENDS = [["─", "generated path", ({ ink }) => ink], KEYS[1], ["●", "your two points", ({ you }) => you]];

const clamp = (value, reach) => Number(Math.max(-reach, Math.min(reach, value)).toFixed(2));

/** Paints points, pairs of coordinates one after the other, on a square `side` wide. */
function paintPoints(context, points, side, colour, size = DOT) {
  const place = (value) => (side * (1 + value / VIEW)) / 2;
  const radius = size * Math.sqrt(Math.max(1, side / SIDE));
  context.fillStyle = colour;
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(place(points[i]), side - place(points[i + 1]), radius, 0, 7);
    context.fill();
  }
}

/** Test points of the data set in use. */
const dataOf = (ctx) => (ctx.known ??= {})[ctx.net().dataset] ??= SPACES.plane.read(fromBase64(ctx.net().points));

function paintData(context, ctx, side, colours) {
  context.globalAlpha = PALE;
  paintPoints(context, dataOf(ctx), side, colours.quiet);
  context.globalAlpha = 1;
}

/** Samples of a family, as dots over the data's own. */
class Cloud {
  /** @param {string} name @param {{ctx: Ctx}} options */
  constructor(name, { ctx }) {
    this.name = name;
    this.ctx = ctx;
    /** @type {ArrayLike<number> | null} */
    this.x = null;
    this.canvas = h("canvas", { class: "cloud", role: "img" });
    this.element = h("div", { class: "cloud-frame" }, this.canvas);
    this.legend = createLegend(ctx);
    this.draw = squareIn(this.element, this.canvas, (context, side) => {
      if (ctx.net().points) paintCloud(context, ctx, this.x, side);
    });
  }

  /** The picture, null while nothing is on it. */
  get drawn() {
    return this.x && this.canvas;
  }

  show(x, _, words) {
    this.x = x;
    setName(this.canvas, `${this.name}, ${x ? x.length / 2 : 0} points: ${words}`);
    this.legend.show(endsOf(this.ctx) ? ENDS : isAsked(this.ctx) ? [...KEYS, CHOSEN] : KEYS);
    this.draw();
  }

  lead() {}
}

/** True if the question is about a point that the visitor chooses. */
const isAsked = (ctx) => plane.picked(ctx) !== null && !["make", "learn"].includes(ctx.store.get().mode);

/** The two points between which a path goes; null in other questions. */
const endsOf = ({ store }) => {
  const { mode, x, y } = store.get();
  return ["interpolate", "between"].includes(mode) && x && y ? [...x, ...y] : null;
};

/** A line through points, as large as those on it. */
function paintPath(context, points, side, colour) {
  const place = (value) => (side * (1 + value / VIEW)) / 2;
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.5, lineJoin: "round" });
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) context.lineTo(place(points[i]), side - place(points[i + 1]));
  context.stroke();
  paintPoints(context, points, side, colour, 2 * DOT);
}

function paintCloud(context, ctx, x, side) {
  const colours = ctx.colours();
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, side, side);
  paintData(context, ctx, side, colours);
  const ends = endsOf(ctx);
  if (x) (ends ? paintPath : paintPoints)(context, x, side, colours.ink);
  if (ends ?? isAsked(ctx)) paintPoints(context, ends ?? plane.picked(ctx).point, side, colours.you, 4);
}

/** One point, chosen by pointer, finger or keys; `key` is its field. */
class PointChooser {
  /** @param {Ctx} ctx @param {{key?: string, label?: string}} [how] */
  constructor(ctx, { key = "x", label = "The point that is asked about" } = {}) {
    this.ctx = ctx;
    this.key = key;
    this.label = label;
    this.kind = "point";
    const help = "Click or tap, or move it by the arrow keys, with Shift farther.";
    this.canvas = h("canvas", { class: "cloud", role: "application", tabindex: 0, title: help });
    this.words = h("p", { class: "note number" });
    this.element = h("div", { class: "point-chooser" }, this.canvas, this.words);
    onDrag(this.canvas, {
      take: () => true,
      move: (event) => this.take(event, false),
      end: (event) => this.take(event, true),
    });
    this.canvas.addEventListener("keydown", (event) => this.move(event));
    onSize(this.element, () => this.update());
  }

  /** The first visit finds a point across the plane from the first one. */
  start() {
    const { x } = this.ctx.store.get();
    if (!this.point && x) this.ctx.store.set({ [this.key]: x.map((value) => -value) });
  }

  get picked() {
    return this.point && { point: this.point };
  }

  fed() {
    return this.point;
  }

  get point() {
    return this.ctx.store.get()[this.key];
  }

  set(point, commit) {
    const [, reach] = this.ctx.fields[this.key].bounds[0];
    this.ctx.store.set({ [this.key]: point.map((value) => clamp(value, reach)) }, { commit });
  }

  take(event, commit) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, span) => VIEW * ((2 * value) / span - 1);
    this.set([share(event.clientX - box.left, box.width), -share(event.clientY - box.top, box.height)], commit);
  }

  move(event) {
    if (!(event.key in MOVES) || isBrowsers(event)) return;
    const by = event.shiftKey ? 5 * STEP : STEP;
    const [x, y] = this.point ?? [0, 0];
    const [dx, dy] = MOVES[event.key];
    this.set([x + by * dx, y + by * dy], true);
    event.preventDefault();
    event.stopPropagation();
  }

  update() {
    const width = this.canvas.clientWidth;
    setText(this.words, this.point ? `x = ${pair(this.point, 2)}` : "");
    setName(this.canvas, `${this.label}: ${this.point ? pair(this.point, 2) : "none"}.`);
    if (!width || !this.ctx.net().points) return;
    const context = contextOf(this.canvas, width);
    const colours = this.ctx.colours();
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, width);
    paintData(context, this.ctx, width, colours);
    if (this.point) paintPoints(context, this.point, width, colours.you, 5);
    if (this.key === "x") this.ctx.show("x", this.point && this.canvas);
  }
}

/** Index of the kept coordinate, as the store's `axis` says. */
class Axis {
  /** @param {Ctx} ctx @param {(ended: boolean) => void} onKeep */
  constructor(ctx, onKeep) {
    this.ctx = ctx;
    this.beside = null;
    this.control = segmented("What is kept", COUNTED.map((name, axis) => [axis, `${name} is kept`]), (axis) => {
      ctx.store.commit({ axis });
      onKeep(true);
    });
  }

  get axis() {
    return this.ctx.store.get().axis;
  }

  get name() {
    return "coordinate kept";
  }

  get value() {
    return this.axis + 1;
  }

  get bits() {
    return Uint8Array.of(this.axis === 0 ? 128 : 64);
  }

  isKept(i) {
    return i % 2 === this.axis;
  }

  get words() {
    const { point } = plane.picked(this.ctx);
    return `${COUNTED[this.axis]} = ${num(point[this.axis])} is kept`;
  }

  get sentence() {
    return this.words;
  }

  update() {
    this.control.set(this.axis);
  }
}

/** Clouds beside each other, each under its name. */
export const plane = {
  count: 500,
  many: "Five hundred points",
  each: "points",
  x: "point",
  kin: false,
  size: 2,
  nothing: { point: "Choose a point of the plane" },
  part: { one: "coordinate", kept: "one of its coordinates is kept" },
  wall: (name, options) => new Cloud(name, options),
  chooser: (ctx, options) => new PointChooser(ctx, options),
  picked: ({ store }) => (store.get().x ? { point: store.get().x } : null),
  start({ store, net }) {
    const { x } = store.get();
    if (x || !net().points) return;
    const [a, b] = SPACES.plane.read(fromBase64(net().points));
    store.set({ x: [clamp(a, VIEW), clamp(b, VIEW)] });
  },
  second: (ctx) => new PointChooser(ctx, { key: "y", label: "The second point" }),
  kept: (ctx, onKeep) => new Axis(ctx, onKeep),
  isSame: (a, b) => Math.abs(a - b) < 1e-3,
  nameOf: ({ point }) => `the point ${pair(point, 2)}`,
  chosenName: (ctx) => (plane.picked(ctx) ? plane.nameOf(plane.picked(ctx)) : "no point"),
  fed: (ctx) => plane.picked(ctx)?.point ?? null,
  distance: (a, k, b, j) => Math.hypot(a[2 * k] - b[2 * j], a[2 * k + 1] - b[2 * j + 1]),
};
