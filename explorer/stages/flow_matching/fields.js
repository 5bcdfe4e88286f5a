/** One target, four fields: velocity, noise, score and data say the same of a noisy x; here beside what is known. */

import { ByHand } from "../kit/panel/by_hand.js";
import { h } from "../kit/base/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { ARROWS, gridOf, paintPlane } from "../kit/plane/field_paint.js";
import { sharesAt } from "../kit/plane/mixture.js";
import { headline } from "../kit/panel/more.js";
import { pair } from "../kit/base/format.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { between, linesThrough } from "./known.js";
import { wordsOf } from "./words.js";
import { createNets } from "./nets.js";
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

class Fields extends ByHand {
  constructor(ctx) {
    super(ctx, "fields");
    Object.assign(this, { nets: createNets(ctx), hovered: null, kept: null });
    this.plane = createProbed(this, {
      size: LARGE,
      paint: (context, size, scene) => paintPlane(context, size, { ...scene, cursor: scene.point }),
    });
    this.plane.look([0, 0], HALF);
    this.numbers = headline(figuresOf(this.declared, { score: "–" }), 0);
    this.legend = createLegend(ctx);
    const note = h("p", { class: "note result with-words" }, NOTE);
    const side = h("div", { class: "beside-side landscape-side" }, this.numbers, this.legend.element, note);
    this.open(h("div", { class: "beside" }, this.plane.element, side));
  }

  get t() {
    return Math.min(LAST, this.ctx.store.get().time ?? TIME);
  }

  get point() {
    return this.hovered ?? this.ctx.store.get().x ?? POINT;
  }

  update(changed) {
    this.controls.update();
    const nets = this.nets.wanted(changed.has("mode"));
    if (nets) this.show(nets[this.ctx.store.get().coupling]);
  }

  /** Density and arrows at a time, kept while they stay the same; longer arrows than the usual length are cut. */
  level(velocity) {
    const { net, view, coupling } = this.ctx.store.get();
    const { t } = this;
    const key = JSON.stringify([net, view, coupling, t]);
    if (this.kept?.key === key) return this.kept.level;
    const toy = this.ctx.net();
    const independent = coupling === "independent";
    const values = velocity(GRID, t);
    const learned = arrowsOf(view, coupling, t, (i) => [values[i], values[i + 1]]);
    const exact = independent ? arrowsOf(view, coupling, t, (_, x) => linesThrough(toy, x, t).v) : null;
    const density = independent ? sharesAt(between(toy, t), PLACES) : null;
    const level = { density, arrows: { points: GRID, learned, exact } };
    this.kept = { key, level };
    return level;
  }

  show(velocity) {
    const { ctx, t, point } = this;
    const { view, coupling } = ctx.store.get();
    const learned = wordsOf(point, t, velocity(Float32Array.from(point), t), coupling);
    const exact = coupling === "independent" ? exactly(ctx.net(), point, t) : null;
    const shown = exact ? "both" : view === "score" ? "none" : "learned";
    const words = sentences(this.declared, { title: ctx.net().title, view: this.declared.says[view], t }, shown);
    const level = this.level(velocity);
    if (!this.hovered) this.plane.cursor = [...point];
    this.plane.show({ level, frames: [], at: 0, ways: [], drops: [], point, colours: ctx.colours() }, words);
    ctx.show("out", this.plane.canvas);
    const report = reportOf({ point, t, learned, exact, why: ctx.net().scoreless?.[coupling] ?? "" });
    this.numbers.set(figuresOf(this.declared, report));
    this.legend.show(exact ? KEYS : KEYS.slice(2));
    if (!this.hovered) this.seen(sentences(this.declared, report, learned.score ? "words" : "scoreless"));
    ctx.describe(words);
    this.found = { point, t, learned, exact };
  }

  table() {
    if (!this.found) return null;
    const { learned, exact, t } = this.found;
    const figuresIn = (words, name) => words?.[name] ?? ["", ""];
    const rows = Object.keys(learned).map((name) => [name, ...figuresIn(learned, name), ...figuresIn(exact, name)]);
    return {
      name: `${this.ctx.net().name}-words-${t}`,
      rows: [["quantity", "x1", "x2", "exact x1", "exact x2"], ...rows],
    };
  }
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

export default {
  hint: "Velocity, noise, data and score: one determines the others",
  create: (ctx) => new Fields(ctx),
};
