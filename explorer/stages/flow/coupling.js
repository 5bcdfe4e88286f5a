/** One coupling: two numbers, two curves to bend, the plane before and after, its Jacobian, and the way back. */

import { button, fill, h, setText } from "../kit/base/dom.js";
import { num, pair, plus } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { batch, computed, signal } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { numberTable, onDemand } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { dataOf } from "../kit/plane/points.js";
import { pointOf } from "./choices.js";
import { CurvePad } from "./curve_pad.js";
import { placesOf } from "./hermite.js";
import { areaOf, HandCoupling, REACH, squareAround } from "./one_coupling.js";
import { Plane } from "./plane.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { gridPoints, HALF, paintDots, paintGrid } from "./plane_paint.js";

const SIZE = 344;
const PAD = 150;
const SIDE = 0.5; // of the square whose area is followed
const GRID = gridPoints();
/** @type {[key: "s" | "t", name: string][]} */
const CURVES = [["s", "s(x₁): x₂ is scaled by eˢ"], ["t", "t(x₁): x₂ is shifted by t"]];

/** The coupling of the curves, and grid and points before it, after it and once it is undone: signals. */
function bending({ ctx, state }) {
  const hand = computed(() => new HandCoupling({ s: state.s, t: state.t, mask: state.mask, nice: state.nice }));
  const before = computed(() => ({ grid: GRID, points: Float64Array.from(dataOf(ctx)) }));
  const after = computed(() => {
    const [grid, points] = [before.value.grid, before.value.points].map((each) => hand.value.forwardAll(each));
    return { grid, points };
  });
  /** With the largest error of a point's coordinate; null unless it is wanted. */
  const again = computed(() => {
    if (!state.undone) return null;
    const [grid, points] = [after.value.grid, after.value.points].map((each) => hand.value.inverseAll(each));
    const errorAt = (most, value, i) => Math.max(most, Math.abs(value - points[i]));
    return { grid, points, error: before.value.points.reduce(errorAt, 0) };
  });
  return { hand, before, after, again };
}

function coupling(self) {
  const { ctx, state, declared, seen } = self;
  const [hovered, held] = [signal(null), signal(false)]; // by a pointer
  const { hand, before, after, again } = bending(self);
  const x = computed(() => hovered.value ?? pointOf(ctx));
  const found = computed(() => hand.value.forward(x.value));
  const back = computed(() => hand.value.inverseAll(found.value.y));
  const square = computed(() => squareAround(x.value, SIDE));
  const bent = computed(() => hand.value.forwardAll(square.value));
  const report = computed(() => {
    const { nice } = state;
    return reportOf(
      { ...found.value, x: x.value, error: again.value?.error, nice },
      [square.value, bent.value].map(areaOf),
    );
  });
  const words = computed(() =>
    sentences(declared, report.value, state.nice ? "shifted" : "scaled", state.mask, "area", state.undone && "undone")
  );
  whenever(() => {
    if (!held.value && !hovered.value) seen(words.value);
    ctx.describe(words.value);
  });

  const set = (patch, rest) =>
    batch(() => {
      held.value = !rest;
      ctx.store.set(patch, { commit: rest });
    });
  function move(point, rest) {
    hovered.value = null;
    set({ x: point.map((value) => Number(Math.max(-HALF, Math.min(HALF, value)).toFixed(4))) }, rest);
  }
  const planeOf = (label, from) =>
    new Plane({
      ...{ label, size: SIZE, paintStill, paint },
      onMove: (point, { rest }) => move(from(point), rest),
      onHover: (point) => (hovered.value = point && from(point)),
    });
  const planes = {
    before: planeOf("The plane before the coupling.", (point) => point),
    after: planeOf(
      "The plane after the coupling.",
      (point) => (state.undone ? point : [...hand.value.inverseAll(point)]),
    ),
  };
  /** Names what of a plane stands still, so that it is painted once. */
  const still = computed(() =>
    `${state.net} ${ctx.theme()} ${JSON.stringify([state.s, state.t, state.mask, state.nice])}`
  );
  whenever(() => {
    const how = { at: x.value, words: "", still: `${state.net} ${ctx.theme()}`, colours: ctx.colours() };
    planes.before.show({ ...before.value, square: square.value, ...how });
    ctx.show("x", planes.before.canvas);
  });
  whenever(() => {
    const { undone } = state;
    planes.after.show({
      ...(again.value ?? after.value),
      square: undone ? hand.value.inverseAll(bent.value) : bent.value,
      at: undone ? back.value : found.value.y,
      words: undone ? "It is undone." : "",
      still: `${still.value} ${undone}`,
      colours: ctx.colours(),
    });
    ctx.show("z", planes.after.canvas);
  });
  const titleAfter = () => state.undone ? `undone: ${pair(back.value)}` : `after: y = ${pair(found.value.y)}`;
  const figures = [
    h("figure", {}, planes.before.element, h("figcaption", {}, () => `before: x = ${pair(x.value)}`)),
    h("figure", {}, planes.after.element, h("figcaption", {}, titleAfter)),
  ];
  const pads = CURVES.map((each) => padOf(self, each, { hand, x, set }));

  const undo = button("", () => ctx.store.commit({ undone: !state.undone }), { kind: "primary" });
  whenever(() => setText(undo, state.undone ? "Do it again" : "Undo it"));
  const formula = () => state.mask === "one" ? sentences(declared, report.value, "formula") : "";
  const matrix = h("div", { class: "flow-matrix" });
  whenever(() => fill(matrix, jacobianOf(found.value)));
  const rows = () => figuresOf(declared, report.value);
  const numbers = headline(rows(), 0, h("p", { class: "number flow-formula" }, formula), matrix);
  const trained = h("div", {});
  whenever(() => fill(trained, trainedOf(ctx.net())));

  return {
    ...{ main: h("div", { class: "pair-grid" }, figures, pads), below: [undo, shows(numbers, rows)], last: [trained] },
    ...{ hovered, hand, undone: again },
    leave: () => (hovered.value = null),
    table: () => tableOf(hand.value, before.value.points, after.value.points),
  };
}

/** A curve to bend. */
function padOf({ ctx, state }, [key, name], { hand, x, set }) {
  const pad = new CurvePad({
    label: `The curve ${name}`,
    xs: placesOf(ctx.fields[key].bounds.length, REACH),
    reach: ctx.fields[key].bounds[0][1],
    height: PAD,
    onChange: (values, { rest }) => set({ [key]: values }, rest),
  });
  return shows(pad, () => {
    const curve = hand.value[key];
    const fixed = key === "s" && state.nice;
    return {
      values: state[key],
      curve: (at) => curve.at(at)[0],
      name: fixed ? "s = 0: every area stays" : name,
      fixed,
      words: `At x₁ = ${num(x.value[0])} it is ${num(curve.at(x.value[0])[0])}.`,
      colours: ctx.colours(),
    };
  });
}

function jacobianOf({ jacobian }) {
  const rows = jacobian.map((row, i) => [`y${"₁₂"[i]}`, ...row.map((value) => num(value, 3))]);
  return numberTable("The Jacobian", ["J", "∂x₁", "∂x₂"], rows);
}

/** The same figure of trained flows, if it was measured. */
function trainedOf({ trained }) {
  if (!trained) return null;
  const { title, head, rows, words } = trained;
  const table = numberTable("log |det J| of trained flows", head, rows);
  return onDemand(title, table, h("p", { class: "note" }, words));
}

function tableOf(hand, before, after) {
  const rows = Array.from({ length: before.length / 2 }, (_, i) => {
    const two = (points) => [points[2 * i], points[2 * i + 1]];
    return [...two(before), ...two(after), hand.forward(two(before)).logDet];
  });
  return { name: "coupling", rows: [["x1", "x2", "y1", "y2", "log |det J|, nats"], ...rows] };
}

/**
 * Numbers of the coupling at a point, and of a square around it with these areas.
 * @param {{steps: any[], logDet: number} & Record<string, any>} found @param {number[]} areas
 */
function reportOf({ steps: [first], logDet, ...found }, [before, after]) {
  const [scale, shift] = [found.nice ? "" : `e^${num(first.s)} · `, plus(first.t)];
  const areas = { before, after, times: after / before };
  return { ...found, ...areas, first, scale, shift, factor: Math.exp(first.s), logDet, det: Math.exp(logDet) };
}

function paintStill(context, { grid, points, colours }, size) {
  paintGround(context, size, colours);
  paintGrid(context, grid, size, colours);
  paintDots(context, points, size, colours.ink);
}

/**
 * The square whose area is followed, and the point.
 * @param {Context2d} context
 * @param {{square: ArrayLike<number>, at: [x: number, y: number], colours: Colours}} scene
 * @param {number} size
 */
function paint(context, { square, at, colours }, size) {
  const place = toScreen(size, HALF);
  Object.assign(context, { fillStyle: colours.you, strokeStyle: colours.you, lineWidth: 2 });
  context.beginPath();
  for (let i = 0; i < square.length; i += 2) context.lineTo(...place(square[i], square[i + 1]));
  context.closePath();
  context.globalAlpha = 0.25;
  context.fill();
  context.globalAlpha = 1;
  context.stroke();
  context.beginPath();
  context.arc(...place(...at), 4.5, 0, 2 * Math.PI);
  context.fill();
}

export default mode(coupling);
