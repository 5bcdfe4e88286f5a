/** Change of variables: a density of one number is pushed through a rising curve, and its area stays one. */

import { shows, whenever } from "../kit/base/live.js";
import { batch, computed, signal } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { CurvePad } from "./curve_pad.js";
import { placesOf } from "./hermite.js";
import { areaUnder, BASES, curveThrough, extremes, GAP, pushed, REACH, rising } from "./one_dimension.js";

const EDGE = { left: 120, right: 2, top: 2, bottom: 120 };
const STRIP = 0.25; // how wide the marked strip of x is
const SLICES = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
const DENSEST = 1.2; // that the drawing has room for at its left

/** Figures of the density of a base under a curve, and of the strip at `mark`. */
function foundOf({ base, mark }, curve, says) {
  const [y, logSlope] = curve.forward(mark);
  const slope = Math.exp(logSlope);
  const ends = [mark - STRIP / 2, mark + STRIP / 2].map((end) => curve.forward(end)[0]);
  const { flattest, steepest } = extremes(curve, 2);
  return {
    ...{ x: mark, y, slope, base, wide: STRIP },
    before: BASES[base].of(mark),
    after: BASES[base].of(mark) / slope,
    high: ends[1] - ends[0],
    change: says[slope < 1 ? "flat" : "steep"],
    area: areaUnder(curve, base),
    ...{ flattest, steepest, denser: 1 / flattest.slope, thinner: 1 / steepest.slope },
  };
}

function variables(self) {
  const { ctx, state, declared, seen } = self;
  const held = signal(false); // by a pointer
  const values = computed(() => rising(state.bend));
  whenever(() => {
    const { bend } = state;
    if (!values.value.some((value, i) => Math.abs(value - bend[i]) > 1e-9)) return;
    ctx.store.set({ bend: values.value });
    ctx.say(declared.says.straightened);
  });
  const curve = computed(() => curveThrough(values.value));
  const found = computed(() => foundOf(state, curve.value, declared.says));
  const words = computed(() => sentences(declared, found.value, "words"));
  whenever(() => {
    if (!held.value) seen(words.value);
    ctx.describe(words.value);
  });

  const set = (patch, rest) =>
    batch(() => {
      held.value = !rest;
      ctx.store.set(patch, { commit: rest });
    });
  /** Takes a point of the curve between those beside it, so that it rises. */
  function bend(points, rest, moved) {
    const [low, high] = [points[moved - 1] ?? -REACH - GAP, points[moved + 1] ?? REACH + GAP];
    const kept = Math.max(low + GAP, Math.min(high - GAP, points[moved]));
    set({ bend: points.with(moved, Number(kept.toFixed(2))) }, rest);
  }
  const pad = new CurvePad({
    label: "The curve y = f(x)",
    xs: placesOf(ctx.fields.bend.bounds.length, REACH),
    reach: REACH,
    height: (width) => width * (Number(getComputedStyle(pad.element).getPropertyValue("--tall")) || 1),
    edge: EDGE,
    paint: paintDensities,
    onChange: (points, { rest, moved }) => bend(points, rest, moved),
    onMark: (mark, { rest }) => set({ mark: Number(mark.toFixed(2)) }, rest),
  });
  pad.element.style.maxWidth = "max(300px, var(--window) - 160px)";
  shows(pad, () => ({
    values: values.value,
    curve: (at) => curve.value.forward(at)[0],
    name: "y = f(x)",
    fixed: false,
    words: words.value,
    ...{ base: state.base, mark: state.mark },
    spline: curve.value,
    density: pushed(curve.value, state.base),
    colours: ctx.colours(),
  }));
  whenever(() => {
    void found.value;
    ctx.show("volume", pad.canvas);
  });
  const rows = () => figuresOf(declared, found.value);
  return {
    ...{ main: pad.element, below: [shows(headline(rows(), 3), rows)] },
    table: () => tableOf(curve.value, state.base),
  };
}

function tableOf(curve, base) {
  const rows = placesOf(121, REACH).map((x) => {
    const [y, logSlope] = curve.forward(x);
    const density = BASES[base].of(x);
    return [x, y, Math.exp(logSlope), density, density * Math.exp(-logSlope)];
  });
  return { name: "change-of-variables", rows: [["x", "y", "slope", "p(x)", "p(y)"], ...rows] };
}

/** p(x) below the curve, p(y) at its left, and between them slices that have the same mass on both sides. */
function paintDensities(context, { base, mark, spline, density, colours }, { x, y, left, right, top, bottom }) {
  const tall = 0.86 * EDGE.bottom;
  const below = (value) => bottom + 8 + tall - (tall * value) / 0.5;
  const beside = (value) => left - 8 - (0.86 * EDGE.left * Math.min(value, DENSEST)) / DENSEST;
  const of = (at) => BASES[base].of(at);
  const foot = [below(0), beside(0)];
  Object.assign(context, { strokeStyle: colours.line, lineWidth: 1 });
  for (const at of SLICES) {
    bentLine(context, [[x(at), below(of(at))], [x(at), y(spline.forward(at)[0])], [
      beside(density(spline.forward(at)[0])),
      y(spline.forward(at)[0]),
    ]]);
  }
  const [from, to] = [mark - STRIP / 2, mark + STRIP / 2];
  const [low, high] = [from, to].map((end) => spline.forward(end)[0]);
  const steps = (count, a, b) => Array.from({ length: count + 1 }, (_, i) => a + ((b - a) * i) / count);
  const under = (a, b) => steps(120, a, b).map((at) => [x(at), below(of(at))]);
  const along = (a, b) => steps(240, a, b).map((at) => [beside(density(at)), y(at)]);
  const area = (points, ends, colour) => {
    context.fillStyle = colour;
    context.beginPath();
    for (const point of [ends[0], ...points, ends[1]]) context.lineTo(...point);
    context.fill();
  };
  const strips = (a, b, c, d, colour) => {
    area(under(a, b), [[x(a), foot[0]], [x(b), foot[0]]], colour);
    area(along(c, d), [[foot[1], y(c)], [foot[1], y(d)]], colour);
  };
  const [reach, ends] = [1.06 * REACH, [
    Math.max(-1.06 * REACH, spline.forward(-1.06 * REACH)[0]),
    Math.min(1.06 * REACH, spline.forward(1.06 * REACH)[0]),
  ]];
  context.globalAlpha = 0.3;
  strips(-reach, reach, ...ends, colours.quiet);
  context.globalAlpha = 1;
  strips(from, to, low, high, colours.you);
  Object.assign(context, { strokeStyle: colours.you, lineWidth: 1.25 });
  for (const [at, level] of [[from, low], [to, high]]) {
    bentLine(context, [[x(at), foot[0]], [x(at), y(level)], [foot[1], y(level)]]);
  }
  Object.assign(context, { fillStyle: colours.quiet, textAlign: "left" });
  context.fillText("p(x)", left + 6, bottom + 20);
  context.fillText("p(y)", 6, top + 15);
  context.fillText("x →", right - 26, bottom + 20);
}

function bentLine(context, points) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.stroke();
}

export default mode(variables);
