/**
 * The forward chain by hand: sixteen pixels, the matrices of every step with their numbers, Bayes' rule for one pixel,
 * and the way back with an exact guess in place of a network.
 */

import { button, fill, h } from "../kit/shell/dom.js";
import { Played } from "../kit/film/filmed.js";
import { createSeen, fillPanel, keySegments, numberTable, segmented } from "../kit/shell/parts.js";
import { blank, enlarged } from "../kit/image/pixels.js";
import { createFilm } from "../kit/film/player.js";
import { createSeed } from "../kit/shell/seed.js";
import { createTries } from "../kit/lesson/tries.js";
import { named } from "../kit/plane/points.js";
import { num } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { Cells, fillTables, matrixTable, nameOf, paintCells, placeOf } from "./cells.js";
import { chainCaption, chainWords, RUNS } from "./chain_words.js";
import {
  backwards,
  bayes,
  CELLS,
  forwards,
  hits,
  isPattern,
  MASKED,
  PATTERNS,
  reverse,
  SIDE,
  statesOf,
  stepMatrix,
  untilMatrix,
  weightsOf,
  whites,
} from "./markov.js";

const PER_SECOND = 2;
const KEPT = { size: 192, gap: 24, top: 26 };
const KINDS = [["absorbing", "Absorbing"], ["uniform", "Uniform"]];
const WAYS = [["forward", "Forward"], ["back", "Back"]];
const LETTERS = ["black", "white", "mask"];

class Chain extends Played {
  constructor(ctx) {
    super();
    Object.assign(this, { ctx, counted: new Map(), made: null });
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    const choose = (cell) => commit({ cell });
    const cells = (label) => new Cells(label, choose, () => ctx.colours());
    this.images = {
      x0: cells("x₀, where the chain begins"),
      xt: cells("xₜ, where it stands"),
      white: cells("How likely each pixel of x₀ is white, given xₜ"),
    };
    this.titles = Object.fromEntries(Object.keys(this.images).map((key) => [key, h("figcaption")]));
    const screen = h(
      "div",
      { class: "chain-images" },
      Object.entries(this.images).map(([key, cells]) => h("figure", {}, this.titles[key], cells.element)),
    );
    this.tables = h("div", { class: "chain-tables with-numbers" });
    this.film = createFilm({
      screen,
      label: "The chain, step by step",
      filename: "discrete-chain.gif",
      framesPerSecond: PER_SECOND,
      onStep: (index, { rest }) => ctx.store.set({ t: this.timeOf(index) }, { commit: rest }),
      tell: (moving) => this.say(moving),
    });
    fill(ctx.main, this.film.host, this.tables);
    this.buildPanel(commit);
  }

  buildPanel(commit) {
    const { ctx } = this;
    this.kind = keySegments(ctx, "chain", "Transitions", KINDS);
    this.way = segmented("Way", WAYS, (way) => commit({ way, t: way === "back" ? ctx.store.get().times : 0 }));
    const { choices } = ctx.fields.times;
    const take = (times) => commit({ times, t: ctx.store.get().way === "back" ? times : 0 });
    this.times = segmented("Steps T", choices.map((times) => [times, String(times)]), take);
    const { high } = ctx.fields.pattern;
    this.pattern = button("Another pattern", () => commit({ pattern: (ctx.store.get().pattern + 7) % (high + 1) }));
    this.seed = createSeed(ctx, { words: "Draw again" });
    this.bayes = h("div", {});
    this.seen = createSeen();
    const rows = [h("div", { class: "row" }, this.kind, this.way), named("Steps T", this.times)];
    fillPanel(
      ctx,
      rows,
      h("div", { class: "row" }, this.pattern, this.seed.element),
      moreNumbers(this.bayes),
      this.seen.element,
      createTries(ctx),
    );
  }

  /** The time that a step of the film shows, and the other way around. */
  timeOf(index) {
    const { way, times } = this.ctx.store.get();
    return way === "back" ? times - index : index;
  }

  /** The states x₀ … x_T of what is chosen. */
  get states() {
    const { chain, way, times, pattern, seed } = this.ctx.store.get();
    const key = JSON.stringify([chain, way, times, way === "forward" ? pattern : null, seed]);
    if (this.made?.key !== key) {
      const states = way === "back" ? backwards(chain, times, seed) : forwards(chain, times, PATTERNS[pattern], seed);
      this.made = { key, states };
    }
    return this.made.states;
  }

  /** How many of some ways back end in a pattern; counted once. */
  counts(chain, times) {
    const key = `${chain} ${times}`;
    if (!this.counted.has(key)) this.counted.set(key, hits(chain, times, RUNS));
    return this.counted.get(key);
  }

  /** All that is said and drawn of a time. */
  found(time) {
    const { chain: kind, way, times, pattern, cell } = this.ctx.store.get();
    const t = Math.min(time, times);
    const xt = this.states[t];
    const x0 = way === "back" ? this.states[0] : PATTERNS[pattern];
    const weights = weightsOf(kind, times, t, xt);
    const found = { kind, way, times, t, cell, xt, x0, weights, white: whites(weights, xt) };
    if (t > 0) Object.assign(found, bayes(kind, times, t, xt[cell], x0[cell]));
    if (way === "back" && t === 0) Object.assign(found, { hits: this.counts(kind, times), ends: isPattern(xt) });
    return found;
  }

  update() {
    const { chain, way, times, t } = this.ctx.store.get();
    if (t > times) return this.ctx.store.set({ t: times });
    this.kind.set(chain);
    this.way.set(way);
    this.times.set(times);
    this.pattern.hidden = way === "back";
    this.seed.update();
    if (this.film.timer) return this.film.grow(this.steps());
    this.film.index = this.timeOf(t);
    this.film.grow(this.steps());
  }

  steps() {
    const { times } = this.ctx.store.get();
    return {
      length: times + 1,
      show: (index) => this.show(this.timeOf(index)),
      draw: (canvas, index) => this.paint(canvas, this.timeOf(index)),
      caption: (index) => chainCaption(this.found(this.timeOf(index))),
      place: (index) => `t = ${this.timeOf(index)}`,
    };
  }

  show(t) {
    const found = this.found(t);
    const { xt, x0, white, cell, way } = found;
    this.titles.x0.textContent = way === "back" ? "the x₀ it will end in" : "x₀";
    this.titles.xt.textContent = `xₜ at t = ${t}`;
    this.titles.white.textContent = "x₀ is white, given xₜ";
    this.images.x0.show(x0, cell);
    this.images.xt.show(xt, cell);
    this.images.white.show(white, cell, { soft: true });
    const masked = (state) => (state === MASKED ? 0.4 : state);
    this.ctx.show("x", enlarged(Array.from(x0, masked), SIDE));
    this.ctx.show("out", enlarged(Array.from(xt, masked), SIDE));
    this.ctx.show("guess", enlarged(white, SIDE));
    this.showTables(found);
  }

  showTables(found) {
    const { kind, times, t, xt, x0, cell, way } = found;
    const names = LETTERS.slice(0, statesOf(kind));
    const until = untilMatrix(kind, times, t);
    const tables = [[`Q̄ₜ = Q₁ ⋯ Qₜ at t = ${t}`, matrixTable("Q̄ₜ", until, names, x0[cell])]];
    if (t > 0) {
      const step = stepMatrix(kind, times, t);
      tables.unshift([`Qₜ, step ${t}`, matrixTable("Qₜ", step, names)]);
    }
    fillTables(this.tables, tables);
    if (t === 0) return fill(this.bayes);
    const rows = way === "back" ? this.reverseRows(found) : this.bayesRows(found);
    const title = way === "back" ? "What this step draws" : "One step before, by Bayes";
    fill(this.bayes, h("h2", {}, `${title}: ${placeOf(cell)}, now ${nameOf(xt[cell])}`), rows);
  }

  bayesRows({ prior, likelihood, posterior }) {
    const head = ["xₜ₋₁", "q(xₜ₋₁ | x₀)", "q(xₜ | xₜ₋₁)", "posterior"];
    const rows = posterior.map((
      p,
      state,
    ) => [nameOf(state), num(prior[state], 3), num(likelihood[state], 3), num(p, 3)]);
    return numberTable("Bayes' rule for the pixel", head, rows);
  }

  reverseRows({ kind, times, t, xt, cell, white }) {
    const each = [0, 1].map((x0) => bayes(kind, times, t, xt[cell], x0).posterior);
    const all = reverse(kind, times, t, xt[cell], white[cell]);
    const head = ["xₜ₋₁", "if x₀ is black", "if white", `mixed by ${num(white[cell], 2)}`];
    const rows = all.map((p, state) => [nameOf(state), num(each[0][state], 3), num(each[1][state], 3), num(p, 3)]);
    return numberTable("The reverse step of the pixel", head, rows);
  }

  say(moving) {
    const words = chainWords(this.found(this.ctx.store.get().t));
    this.seen(words, moving);
    if (!moving) this.ctx.describe(words);
  }

  paint(canvas, t) {
    const { size, gap, top } = KEPT;
    const colours = this.ctx.colours();
    const context = blank(canvas, 3 * size + 4 * gap, size + top + gap, colours);
    const { x0, xt, white } = this.found(t);
    const parts = [["x₀", { values: x0 }], [`xₜ, t = ${t}`, { values: xt }], ["white?", {
      values: white,
      soft: true,
    }]];
    parts.forEach(([title, what], i) => {
      const left = gap + i * (size + gap);
      Object.assign(context, { fillStyle: colours.ink, font: "14px system-ui, sans-serif", textAlign: "left" });
      context.textBaseline = "alphabetic";
      context.fillText(title, left, top - 8);
      paintCells(context, what, { left, top, size, colours });
    });
  }

  picture() {
    const canvas = h("canvas");
    this.paint(canvas, this.ctx.store.get().t);
    return canvas;
  }

  table() {
    const { chain, times, way } = this.ctx.store.get();
    const pixels = Array.from({ length: CELLS }, (_, cell) => cell + 1);
    const head = ["t", ...pixels.map((k) => `x_t of ${k}`), ...pixels.map((k) => `p(x0 = 1 | x_t) of ${k}`)];
    const rows = this.states.map((xt, t) => [t, ...xt, ...whites(weightsOf(chain, times, t, xt), xt)]);
    return { name: `${chain}-${way}`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Tap a pixel, then step the chain",
  create: (ctx) => new Chain(ctx),
};
