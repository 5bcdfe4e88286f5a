/** Paths: the straight lines of a coupling meet; the paths of the field that learned their mean do not. */

import { h } from "../kit/base/dom.js";
import { pair } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, untracked } from "../kit/base/vendor/signals-core.js";
import { LARGE, squareIn } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { gaussians, uniforms } from "../kit/plane/random.js";
import { floats32 } from "../kit/plane/tensors.js";
import { linesThrough, someLines } from "./known.js";
import { dataOf } from "../kit/plane/points.js";
import { wantedNets } from "./nets.js";
import { paintScene, paintVelocities } from "./paint.js";
import { createProbed } from "./probed.js";
import { stateAt, statesOf } from "./travel.js";
import { travelling } from "./travelling.js";

const LINES = 16;
const EDGE = 0.2; // between the outermost path and the edge of the plane
const POINT = [0.5, 0.3];
const inInk = ({ ink }) => ink;
const KEYS = [
  ["○", "noise", inInk],
  ["━", "learned path", inInk],
  ["●", "now", inInk],
  ["╌", "its training line", inInk],
];
const VELOCITIES = [
  ["→", "network", inInk],
  ["→", "training lines", ({ quiet }) => quiet],
  ["➔", "their mean", ({ quiet }) => quiet],
];

/** The arrays of an answer, and how far out they reach. */
function read({ noise, data, states, bent, longer }) {
  const [from, to, ways] = [noise, data, states].map(floats32);
  const half = Math.max(HALF, EDGE + Math.max(...[...to, ...ways].map(Math.abs)));
  return { noise: from, data: to, states: statesOf(ways, from.length), bent, longer, half };
}

/** Exact values at a point at a time; the mean of all lines through it is known for independent pairs alone. */
function probe(toy, { net, coupling, seed }, velocities, point, t) {
  const learned = [...velocities[coupling](Float32Array.from(point), t)];
  if (coupling !== "independent") return { net, learned, exact: null, lines: [], spread: null };
  const { v: exact, spread } = linesThrough(toy, point, t);
  const how = { count: LINES, uniform: uniforms(seed), gaussian: gaussians(seed) };
  return { net, learned, exact, spread, lines: someLines(toy, point, t, how) };
}

function paths(self) {
  const { ctx, state, declared, seen } = self;
  const nets = wantedNets(self);
  const { answer, came, time, play } = travelling(self, "time");
  const { plane, hovered, point, show } = createProbed(self, POINT, { size: LARGE, paint: paintScene });
  const found = computed(() => came.value && read(came.value.answer));
  const isReady = computed(() => Boolean(found.value && nets.value && ctx.net().points));
  const probed = computed(() => isReady.value ? probe(ctx.net(), state, nets.value, point.value, time.value) : null);
  const captionOf = (t) => sentences(declared, { percent: 100 * t }, { 0: "noise", 1: "data" }[t] ?? "way");

  whenever(() => {
    if (found.value) plane.look([0, 0], found.value.half);
  });
  const scene = computed(() => {
    if (!probed.value) return null;
    const { noise, data, states, half } = found.value;
    const t = time.value;
    return {
      half,
      pairs: { noise, data },
      all: dataOf(ctx),
      states,
      now: stateAt(states, t),
      count: 1 + Math.round(t * (states.length - 1)),
      point: point.value,
      probe: probed.value,
      colours: ctx.colours(),
    };
  });
  const about = computed(() => {
    const values = { title: ctx.net().title, count: (found.value?.noise.length ?? 0) / 2 };
    return `${sentences(declared, values, "plane", state.coupling)} ${captionOf(time.value)}`;
  });
  const canvas = h("canvas", { class: "landscape", role: "img", "aria-label": "Velocities at your point" });
  const lens = h("figure", {}, canvas, h("figcaption", {}, "At your point"));
  const showLens = squareIn(lens, canvas, (context, width) => {
    if (plane.scene) paintVelocities(context, width, plane.scene);
  });
  whenever(() => {
    if (!scene.value) return;
    show(scene.value, about.value);
    untracked(showLens);
    ctx.show("out", plane.canvas);
    ctx.describe(about.value);
  });

  const report = computed(() => {
    if (!probed.value) return null;
    const { exact, learned } = probed.value;
    const { bent, longer } = found.value;
    const apart = exact && Math.hypot(...exact.map((value, i) => value - learned[i]));
    const measured = ctx.net().figures?.[state.coupling];
    const mean = exact ? pair(exact) : "not known";
    const finding = sentences(declared, { longer }, "bends");
    return { t: time.value, point: point.value, ...probed.value, bent, longer, measured, apart, mean, finding };
  });
  const words = computed(() => {
    if (!report.value) return "";
    const { exact, measured } = report.value;
    const [longer, lines] = exact ? ["longer", "lines"] : ["straighter", "alone"];
    return sentences(declared, report.value, longer, state.coupling, lines, "bent", measured && "measured");
  });
  const numbers = headline(figuresOf(declared, { point: POINT, mean: "–" }), 0);
  shows(numbers, () => report.value && figuresOf(declared, report.value));
  const [legend, arrows] = [createLegend(ctx), createLegend(ctx)];
  legend.show(KEYS);
  arrows.show(VELOCITIES);
  const hidden = () => state.coupling !== "independent";
  const beside = h("div", { class: "result", hidden }, lens, arrows.element);
  const side = h("div", { class: "beside-side" }, numbers, legend.element, beside);
  const main = play({
    ...{ words, captionOf, ready: () => isReady.value },
    screen: h("div", { class: "beside" }, plane.element, side),
    label: "From noise to data",
    filename: "paths.gif",
    tell: (moving) => !hovered.peek() && seen(words.peek(), moving),
  });

  return {
    ...{ main, answer, found, hovered },
    hasResult: () => isReady.value,
    table: () => found.value && tableOf(found.value, `${state.net}-${state.coupling}`),
  };
}

/** The pairs, and where the field took the noise. */
function tableOf({ noise, data, states }, name) {
  const rows = Array.from(
    { length: noise.length / 2 },
    (_, i) => [noise, data, states.at(-1)].flatMap((x) => [x[2 * i], x[2 * i + 1]]),
  );
  const head = ["noise x1", "noise x2", "partner x1", "partner x2", "end x1", "end x2"];
  return { name, rows: [head, ...rows] };
}

export default mode(paths, { hint: "Press Play: noise follows the learned velocities to the data" });
