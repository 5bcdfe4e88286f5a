/** One target, four fields: velocity, noise, score and data say the same of a noisy x; here beside what is known. */

import { h } from "../kit/base/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { ARROWS, gridOf, paintPlane } from "../kit/plane/field_paint.js";
import { sharesAt } from "../kit/plane/mixture.js";
import { headline } from "../kit/panel/more.js";
import { pair } from "../kit/base/format.js";
import { mode } from "../kit/panel/mode.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { between, linesThrough } from "./known.js";
import { wordsOf } from "./words.js";
import { wantedNets } from "./nets.js";
import { createProbed } from "./probed.js";

const HALF = 3;
const SHADES = 56;
const LAST = 0.98; // the latest time shown: at 1 there is no noise to speak of
const POINT = [1.2, 0.5];
const TIME = 0.5; // until one is chosen
const ERROR = 0.1; // in the velocity
const NOTE =
  "x̂₁ = x + (1 − t) v, ε̂ = x − t v, ∇log p = −ε̂ ÷ (1 − t). Arrows longer than a cell are cut. Of other couplings than the independent one the exact field is not known.";
const KEYS = [
  ["█", "density of x at t", ({ quiet }) => quiet],
  ["━", "exact", ({ quiet }) => quiet],
  ["→", "network", ({ ink }) => ink],
];
const [GRID, PLACES] = [gridOf(ARROWS), gridOf(SHADES)];

/** The arrow of a word at a point: data as the way to it, noise as the way out of it. */
const arrowOf = (view, x, words) => {
  if (view === "data") return words.data.map((value, i) => value - x[i]);
  return view === "noise" ? words.noise.map((value) => -value) : words[view];
};

/** Density and arrows at a time; longer arrows than the usual length are cut. */
function levelOf(toy, { view, coupling }, velocity, t) {
  const independent = coupling === "independent";
  const values = velocity(GRID, t);
  const learned = arrowsOf(view, coupling, t, (i) => [values[i], values[i + 1]]);
  const exact = independent ? arrowsOf(view, coupling, t, (_, x) => linesThrough(toy, x, t).v) : null;
  const density = independent ? sharesAt(between(toy, t), PLACES) : null;
  return { density, arrows: { points: GRID, learned, exact } };
}

function fields(self) {
  const { ctx, state, declared, seen } = self;
  const nets = wantedNets(self);
  const { plane, hovered, point, show } = createProbed(self, POINT, {
    size: LARGE,
    paint: (context, size, scene) => paintPlane(context, size, { ...scene, cursor: scene.point }),
  });
  plane.look([0, 0], HALF);
  const t = computed(() => Math.min(LAST, state.time ?? TIME));
  const velocity = computed(() => ctx.net().points ? nets.value?.[state.coupling] ?? null : null);
  const level = computed(() => velocity.value && levelOf(ctx.net(), state, velocity.value, t.value));
  const found = computed(() => {
    if (!velocity.value) return null;
    const [x, at, { coupling }] = [point.value, t.value, state];
    const learned = wordsOf(x, at, velocity.value(Float32Array.from(x), at), coupling);
    const exact = coupling === "independent" ? exactly(ctx.net(), x, at) : null;
    return { point: x, t: at, learned, exact };
  });
  const report = computed(() =>
    found.value && reportOf({ ...found.value, why: ctx.net().scoreless?.[state.coupling] ?? "" })
  );
  whenever(() => {
    if (!found.value) return;
    const { exact } = found.value;
    const shown = exact ? "both" : state.view === "score" ? "none" : "learned";
    const about = { title: ctx.net().title, view: declared.says[state.view], t: t.value };
    const words = sentences(declared, about, shown);
    const scene = { level: level.value, frames: [], at: 0, ways: [], drops: [], point: point.value };
    show({ ...scene, colours: ctx.colours() }, words);
    ctx.show("out", plane.canvas);
    ctx.describe(words);
  });
  const legend = createLegend(ctx);
  whenever(() => found.value && legend.show(found.value.exact ? KEYS : KEYS.slice(2)));
  whenever(() => {
    if (!report.value || hovered.value) return;
    seen(sentences(declared, report.value, report.value.learned.score ? "words" : "scoreless"));
  });
  const numbers = headline(figuresOf(declared, { score: "–" }), 0);
  shows(numbers, () => report.value && figuresOf(declared, report.value));
  const note = h("p", { class: "note result with-words" }, NOTE);
  const side = h("div", { class: "beside-side landscape-side" }, numbers, legend.element, note);
  return {
    ...{ main: h("div", { class: "beside" }, plane.element, side), found, hovered },
    hasResult: () => found.value !== null,
    table: () => found.value && tableOf(found.value, ctx.net().name),
  };
}

/** The four words at the point, each beside the exact one. */
function tableOf({ learned, exact, t }, name) {
  const figuresIn = (words, word) => words?.[word] ?? ["", ""];
  const rows = Object.keys(learned).map((word) => [word, ...figuresIn(learned, word), ...figuresIn(exact, word)]);
  return { name: `${name}-words-${t}`, rows: [["quantity", "x1", "x2", "exact x1", "exact x2"], ...rows] };
}

/** Sentences on a point, and an error of the velocity in the other parameterisations. */
function reportOf({ t, learned, ...more }) {
  const errors = { data: ERROR * (1 - t), noise: ERROR * t, score: ERROR * t / (1 - t) };
  const score = learned.score ? pair(learned.score) : "∅ cannot";
  return { ...more, t, learned, score, errors, alpha: t ** 2 / (t ** 2 + (1 - t) ** 2) };
}

/** The four words for what is known of independent pairs at a point. */
function exactly(toy, point, t) {
  const { v: velocity, data, noise, score } = linesThrough(toy, point, t);
  return { velocity, data, noise, score };
}

/** The arrows of a word at every place of the grid, by the velocity there; none where the word has no value. */
function arrowsOf(view, coupling, t, velocityAt) {
  const found = new Float64Array(GRID.length);
  for (let i = 0; i < GRID.length; i += 2) {
    const x = [GRID[i], GRID[i + 1]];
    const arrow = arrowOf(view, x, wordsOf(x, t, velocityAt(i, x), coupling)) ?? [0, 0];
    found.set(arrow.map((value) => -value * (view === "score" ? 1 - t : 1)), i);
  }
  return found;
}

export default mode(fields, { hint: "Velocity, noise, data and score: one determines the others" });
