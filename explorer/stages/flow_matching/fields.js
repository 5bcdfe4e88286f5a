/** One target, three fields: velocity, noise, score and data say the same of a noisy x; here beside what is known. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { ARROWS, gridOf, paintPlane } from "../kit/plane/field_paint.js";
import { sharesAt } from "../kit/plane/mixture.js";
import { headline } from "../kit/shell/more.js";
import { createSeen, fillPanel, keySegments } from "../kit/shell/parts.js";
import { PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { createPoints, named } from "../kit/plane/points.js";
import { keySlider } from "../kit/shell/slider.js";
import { createTries } from "../kit/lesson/tries.js";
import { between, linesThrough } from "./known.js";
import { fieldWords, planeWords, wordRows, wordsOf } from "./fields_words.js";
import { COUPLINGS, Nets, NO_PLANE } from "./nets.js";

const SIZE = 440;
const HALF = 3;
const SHADES = 56;
const LAST = 0.98; // the latest time shown: at 1 there is no noise to speak of
const POINT = [1.2, 0.5];
const NOTE =
  "x̂₁ = x + (1 − t) v, ε̂ = x − t v, ∇log p = −ε̂ ÷ (1 − t). Thick grey arrows are exact, thin ones the network's; " +
  "those longer than a cell are cut. Of other couplings than the independent one the exact field is not known.";
const VIEWS = [["velocity", "velocity v"], ["data", "data x̂₁ − x"], ["noise", "noise −ε̂"], ["score", "score"]];
const [GRID, PLACES] = [gridOf(ARROWS), gridOf(SHADES)];

/** The arrow of a word at a point: data as the way to it, noise as the way out of it. */
const arrowOf = (view, x, words) => {
  if (view === "data") return words.data.map((value, i) => value - x[i]);
  return view === "noise" ? words.noise.map((value) => -value) : words[view];
};

class Fields {
  constructor(ctx) {
    Object.assign(this, { ctx, nets: new Nets(ctx), hovered: null, kept: null });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.plane = new PlaneCanvas({
      label: "The plane. Arrow keys move the cursor, Enter puts your point there.",
      size: SIZE,
      most: LARGE,
      paint: (context, size, scene) => paintPlane(context, size, { ...scene, cursor: scene.point }),
      onMove: (point) => {
        this.hovered = point;
        ctx.refresh("cursor");
      },
      onChoose: (x) => ctx.store.commit({ x }),
    });
    this.plane.look([0, 0], HALF);
    this.plane.canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      ctx.refresh("cursor");
    });
    this.numbers = headline(wordRows(null, null), 0);
    this.note = h("p", { class: "note result with-words" });
    fill(
      ctx.main,
      h("div", { class: "beside" }, this.plane.element, h("div", { class: "beside-side" }, this.numbers, this.note)),
    );
    this.points = createPoints(ctx, NO_PLANE);
    this.view = keySegments(ctx, "view", "Arrows", VIEWS);
    this.time = keySlider(ctx, "time", "Time t", {
      field: { ...ctx.fields.time, high: LAST },
      step: 0.02,
      words: (t) => t.toFixed(2),
      label: "Time t of the noisy x",
      live: true,
    });
    this.coupling = keySegments(ctx, "coupling", "Coupling", COUPLINGS);
    this.seen = createSeen();
    const [coupling, view] = [named("Coupling", this.coupling), named("Arrows", this.view)];
    const controls = [this.points.element, coupling, view, this.time.element];
    fillPanel(ctx, controls, this.seen.element, createTries(ctx));
  }

  get t() {
    return Math.min(LAST, this.ctx.store.get().time);
  }

  get point() {
    return this.hovered ?? this.ctx.store.get().x ?? POINT;
  }

  update() {
    this.points.update();
    this.view.set(this.ctx.store.get().view);
    this.coupling.set(this.ctx.store.get().coupling);
    this.time.set(this.t);
    const nets = this.nets.wanted();
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
    const words = planeWords({ title: ctx.net().title, view, t, coupling });
    const level = this.level(velocity);
    if (!this.hovered) this.plane.cursor = [...point];
    this.plane.show({ level, frames: [], at: 0, ways: [], drops: [], point, colours: ctx.colours() }, words);
    ctx.show("out", this.plane.canvas);
    this.numbers.set(wordRows(learned, exact));
    setText(this.note, NOTE);
    if (!this.hovered) this.seen(fieldWords({ point, t, learned, exact, coupling, told: ctx.net() }));
    ctx.describe(words);
    this.shown = { point, t, learned, exact };
  }

  hasResult() {
    return Boolean(this.shown);
  }

  picture() {
    return this.shown ? this.plane.copy() : null;
  }

  table() {
    if (!this.shown) return null;
    const { learned, exact, t } = this.shown;
    const told = (words, name) => words?.[name] ?? ["", ""];
    const rows = Object.keys(learned).map((name) => [name, ...told(learned, name), ...told(exact, name)]);
    return { name: `${this.ctx.net().name}-words-${t}`, rows: [["", "x1", "x2", "exact x1", "exact x2"], ...rows] };
  }
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
