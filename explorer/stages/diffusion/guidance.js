/**
 * Guidance: one seed and one class under five scales w, beside what a classifier sees in each row and how varied it is.
 */

import { find } from "../kit/card.js";
import { createFilm } from "../kit/player.js";
import { createClass } from "../kit/class_choice.js";
import { fill, h } from "../kit/dom.js";
import { Filmed } from "../kit/filmed.js";
import { createSeen, empty } from "../kit/parts.js";
import { Queue } from "../kit/queue.js";
import { createSeed } from "../kit/seed.js";
import { paintRows } from "../kit/strip.js";
import { toBase64 } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { createSteps, few } from "./choices.js";
import { guidanceWords } from "./guidance_words.js";
import { COUNT, GuidanceRow, SCALES } from "./guidance_rows.js";

const EXAMPLE_CLASS = 3;
const ASK_AGAIN = ["net", "seed", "label", "steps", "mode"];
const TRIES = [
  ["Threes", { net: "diffusion-mnist", label: 3, at: null }],
  ["Sandals", { net: "diffusion-fashion-mnist", label: 5, at: null }],
  ["Shirts, often taken for other clothes", { net: "diffusion-fashion-mnist", label: 6, seed: 7, at: null }],
];

class Guidance extends Filmed {
  constructor(ctx) {
    super();
    this.ctx = ctx;
    this.rows = SCALES.map((w) => new GuidanceRow(w, () => ctx.store.set({ w }, { commit: true })));
    this.queue = new Queue(ctx, { name: "reverse", nameOf: ({ w }) => `w = ${w}`, onChange: () => this.show() });
    Object.assign(this, { classesOf: new WeakMap(), judging: null });
    this.build();
  }

  build() {
    const { ctx } = this;
    const host = h("div", { class: "film-host" });
    this.problem = empty();
    fill(ctx.main, this.problem, host);
    this.film = createFilm(host, {
      steps: { length: 0 },
      screen: h("div", { class: "guidance-rows" }, this.rows.map(({ element }) => element)),
      label: "Guidance, step by step",
      filename: "guidance.gif",
      framesPerSecond: 12,
      onStep: (at, { rest }) => ctx.store.set({ at: at === this.last ? null : at }, { commit: rest }),
      tell: (moving) => this.say(moving),
    });
    this.film.index = this.at;
    this.seed = createSeed(ctx, { words: "Other noise" });
    this.label = createClass(ctx, { initial: EXAMPLE_CLASS });
    this.steps = createSteps(ctx);
    this.seen = createSeen();
    const controls = h("div", { class: "row" }, this.label.element, this.steps.element, this.queue.element);
    fill(
      ctx.panel,
      h("div", { class: "mode-body" }, this.seed.element, controls, this.seen.element, createTries(ctx, TRIES)),
    );
  }

  /** The class: the visitor's, or an example where any is chosen elsewhere. */
  get chosen() {
    return this.ctx.store.get().label ?? EXAMPLE_CLASS;
  }

  /** The last frame of a film. */
  get last() {
    return few(this.ctx.store.get().steps);
  }

  get at() {
    return Math.min(this.last, this.ctx.store.get().at ?? this.last);
  }

  requestOf({ w }) {
    const { net, seed, steps } = this.ctx.store.get();
    return { net, seed, count: COUNT, label: this.chosen, w, sampler: "ddim", steps: few(steps), eta: 0 };
  }

  ask() {
    this.queue.want(this.ctx.net().error ? [] : this.rows.map((row) => this.requestOf(row)));
    this.show();
  }

  update(changed) {
    this.seed.update();
    this.label.update();
    this.steps.update();
    if (changed.has("net")) { for (const { strip } of this.rows) strip.clear(); }
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    else if (changed.has("w") || changed.has("value")) this.show();
    else if (changed.has("at") && this.film.index !== this.at) this.film.show(this.at);
  }

  get films() {
    return this.rows.map((row) => this.queue.filmOf(this.requestOf(row)));
  }

  get measured() {
    const { rows } = this.ctx.net();
    const each = SCALES.map((w) => ({
      w,
      accuracy: find(rows, "accuracy", { w }),
      diversity: find(rows, "diversity", { w }),
    }));
    return each.filter(({ accuracy, diversity }) => accuracy && diversity);
  }

  show() {
    const { films } = this;
    const { w } = this.ctx.store.get();
    const { error } = this.ctx.net();
    this.problem.hidden = !error;
    this.problem.textContent = error ?? "";
    this.rows.forEach((row) => row.choose(row.w === w));
    const some = films.some((film) => film);
    if (some && this.film.steps.length !== this.last + 1) {
      this.film.index = this.at;
      this.film.setSteps(this.filmSteps());
    } else if (some) this.film.show(this.at);
    else {
      this.film.setSteps({ length: 0 });
      this.draw(this.at);
    }
    if (!some) this.say();
    this.judge();
  }

  /** Of the rows as they are on screen. */
  say(moving) {
    const { films, measured, chosen } = this;
    const { index } = this.film;
    const over = index === this.last;
    const found = this.rows.map((row, i) => {
      const seen = over && films[i]?.done ? this.classesOf.get(films[i]) : null;
      return { hits: seen ? seen.filter((label) => label === chosen).length : null, apart: row.apart(films[i], index) };
    });
    const most = Math.max(...found.map(({ apart }) => apart));
    this.rows.forEach((row, i) => row.tell(found[i], most));
    const name = this.ctx.net().classes[chosen];
    this.seen(
      guidanceWords({ found, measured, name, asked: this.ctx.store.get().label !== null, t: this.timeAt(index) }),
      moving,
    );
  }

  /** Has a classifier look at the finished rows, one after the other. */
  async judge() {
    const film = this.films.find((film) => film?.done && !this.classesOf.has(film));
    if (!film || this.judging) return;
    this.judging = film;
    const answer = await this.ctx.ask("seen", {
      net: this.ctx.store.get().net,
      images: toBase64(film.frames.at(-1).x),
    });
    this.judging = null;
    if (answer) this.classesOf.set(film, answer.classes);
    if (answer) this.show();
  }

  timeAt(index) {
    return Math.round((1000 * (this.last - index)) / this.last);
  }

  filmSteps() {
    return {
      length: this.last + 1,
      show: (index) => this.draw(index),
      draw: (canvas, index) => this.paint(canvas, index),
      place: (index) => `${index}/${this.last}`,
      caption: (index) => this.caption(index),
      numbers: () => [],
    };
  }

  caption(index) {
    if (index === 0) return "The same noise x₁₀₀₀ in every row";
    const t = this.timeAt(index);
    if (t === 0) {
      const drawn = this.films.filter((film) => film?.done).length;
      return drawn === SCALES.length ? "Finished" : `${drawn} of ${SCALES.length} rows drawn`;
    }
    return `t = ${t}, after ${index} of ${this.last} steps`;
  }

  draw(index) {
    const { films } = this;
    this.rows.forEach((row, i) => row.show(films[i], index));
  }

  paint(canvas, index) {
    const { films } = this;
    const rows = this.rows.map((row, i) => ({ name: `w = ${row.w}`, bytes: row.bytesOf(films[i], index) }));
    paintRows(canvas, rows.filter(({ bytes }) => bytes), COUNT, this.ctx.colours());
  }

  picture() {
    if (!this.film.steps.length) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.film.index);
    return canvas;
  }

  table() {
    const { measured } = this;
    if (!measured.length) return null;
    const rows = measured.map((
      { w, accuracy, diversity },
    ) => [w, accuracy.value, accuracy.se, accuracy.n, diversity.value]);
    return {
      name: `${this.ctx.store.get().net}-guidance`,
      rows: [["w", "accuracy, all classes", "standard error", "draws", "diversity, all classes"], ...rows],
    };
  }
}

export default {
  hint: "The larger w, the further each step leans towards the class, away from any other",
  create: (ctx) => new Guidance(ctx),
};
