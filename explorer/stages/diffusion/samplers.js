/**
 * Samplers: from one x₁₀₀₀, DDIM and DDPM in few steps and in many, what they cost and how far they end from a hundred
 * steps.
 */

import { createFilm } from "../kit/player.js";
import { createClass } from "../kit/class_choice.js";
import { button, fill, h } from "../kit/dom.js";
import { Filmed } from "../kit/filmed.js";
import { createSeen } from "../kit/parts.js";
import { Queue } from "../kit/queue.js";
import { createSeed } from "../kit/seed.js";
import { createSlider } from "../kit/slider.js";
import { paintRows } from "../kit/strip.js";
import { createTries } from "../kit/tries.js";
import { TICKS, timeAt } from "./clock.js";
import { createScale } from "./choices.js";
import { COUNT, measure, ROWS, SamplerRow, TITLES } from "./sampler_rows.js";
import { onTheWayWords, samplerWords } from "./sampler_words.js";

const ASK_AGAIN = ["net", "seed", "label", "w", "eta", "mode"];
const LONG = 1000;
const TRIES = [
  ["One path: η = 0", { eta: 0, at: null }],
  ["As random as DDPM: η = 1", { eta: 1, at: null }],
  ["A pullover", { net: "diffusion-fashion-mnist", label: 2, w: 1, eta: 0, at: null }],
];

class Samplers extends Filmed {
  constructor(ctx) {
    super();
    this.ctx = ctx;
    this.long = null;
    this.rows = ROWS.map(([sampler, steps]) => new SamplerRow(sampler, steps));
    const nameOf = ({ sampler, steps }) => `${TITLES[sampler]} with ${steps.toLocaleString("en")} steps`;
    this.queue = new Queue(ctx, { name: "reverse", nameOf, onChange: () => this.show() });
    this.build();
  }

  build() {
    const { ctx } = this;
    const commit = (patch) => ctx.store.set(patch, { commit: true });
    this.heads = { ddim: h("h2"), ddpm: h("h2") };
    this.longButton = button("Draw it", () => this.drawLong(), { title: "A thousand evaluations of the network" });
    this.rows.at(-1).facts.append(this.longButton);
    const column = (sampler) =>
      h(
        "div",
        { class: "sampler-column" },
        this.heads[sampler],
        this.rows.filter((row) => row.sampler === sampler).map(({ element }) => element),
      );
    const host = h("div", { class: "film-host" });
    fill(ctx.main, host);
    this.film = createFilm(host, {
      steps: { length: 0 },
      screen: h("div", { class: "sampler-rows" }, column("ddim"), column("ddpm")),
      label: "Samplers on one clock",
      filename: "samplers.gif",
      framesPerSecond: 12,
      onStep: (at, { rest }) => ctx.store.set({ at: at === TICKS ? null : at }, { commit: rest }),
      tell: (moving) => this.say(moving),
    });
    this.film.index = this.at;
    this.seed = createSeed(ctx, { words: "Another x₁₀₀₀" });
    this.label = createClass(ctx);
    this.scale = createScale(ctx);
    this.eta = createSlider("η", {
      field: ctx.fields.eta,
      step: 0.05,
      words: (eta) => eta.toFixed(2),
      label: "η of DDIM",
      onRelease: (eta) => commit({ eta }),
    });
    this.seen = createSeen();
    const choices = h("div", { class: "row" }, this.label.element, this.scale.element, this.queue.element);
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.seed.element,
        choices,
        this.eta.element,
        this.seen.element,
        createTries(ctx, TRIES),
      ),
    );
  }

  /** The tick of the clock; the end unless the address says another. */
  get at() {
    return Math.min(TICKS, this.ctx.store.get().at ?? TICKS);
  }

  /** What Python is asked for a row; DDPM knows no η. */
  requestOf({ sampler, steps }) {
    const { net, seed, label, w, eta } = this.ctx.store.get();
    return {
      net,
      seed,
      count: COUNT,
      label,
      w: label === null ? 1 : w,
      sampler,
      steps,
      eta: sampler === "ddim" ? eta : 0,
    };
  }

  /** Whether the thousand steps are wanted for what is chosen now. */
  get isLong() {
    return this.long !== null && this.long === JSON.stringify(this.requestOf(this.rows.at(-1)));
  }

  drawLong() {
    this.long = JSON.stringify(this.requestOf(this.rows.at(-1)));
    this.ask();
  }

  ask() {
    const rows = this.rows.filter(({ steps }) => steps < LONG || this.isLong);
    this.queue.want(this.ctx.net().error ? [] : rows.map((row) => this.requestOf(row)));
    this.show();
  }

  update(changed) {
    const { eta } = this.ctx.store.get();
    this.seed.update();
    this.label.update();
    this.scale.update();
    this.eta.set(eta);
    if (changed.has("net")) { for (const { strip } of this.rows) strip.clear(); }
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    else if (changed.has("at") && this.film.index !== this.at) this.film.show(this.at);
  }

  /** The film of each row, in the order of the rows; null before its first frame. */
  get films() {
    return this.rows.map((row) => this.queue.filmOf(this.requestOf(row)));
  }

  /** Gives the rows what is there of them, and the clock something to show once there is. */
  show() {
    const { films } = this;
    const { eta } = this.ctx.store.get();
    this.found = measure(films);
    this.rows.forEach((row, i) => row.tell(films[i], this.found[i]));
    this.heads.ddim.textContent = `DDIM, η = ${eta.toFixed(2)}${eta === 0 ? ": no noise added" : ""}`;
    this.heads.ddpm.textContent = "DDPM: new noise at every step";
    this.longButton.hidden = Boolean(films.at(-1)) || this.isLong;
    const some = films.some((film) => film);
    this.film.index = this.at;
    if (some !== this.film.steps.length > 0) this.film.setSteps(some ? this.steps() : { length: 0 });
    else if (some) this.film.show(this.at);
    if (!some) this.draw(this.at);
    this.say(this.film.timer !== null);
  }

  say(moving) {
    const t = timeAt(this.film.index);
    this.seen(
      t === 0 ? samplerWords(this.found, this.ctx.store.get().eta) : onTheWayWords(measure(this.films, t), t),
      moving,
    );
  }

  steps() {
    return {
      length: TICKS + 1,
      show: (tick) => this.draw(tick),
      draw: (canvas, tick) => this.paint(canvas, tick),
      place: (tick) => `t = ${timeAt(tick)}`,
      caption: (tick) => this.caption(timeAt(tick)),
      numbers: () => [],
    };
  }

  caption(t) {
    if (t === timeAt(0)) return "All rows start from the same x₁₀₀₀";
    if (t === 0) return "The ends of all rows: what differs is the way there";
    return `At t = ${t} five steps have taken ${Math.floor((5 * (timeAt(0) - t)) / timeAt(0))}, a hundred ` +
      `${Math.floor((timeAt(0) - t) / 10)}`;
  }

  draw(tick) {
    const { films } = this;
    this.rows.forEach((row, i) => row.show(films[i], timeAt(tick)));
  }

  paint(canvas, tick) {
    const rows = this.rows.map((row, i) => ({ name: row.name, bytes: row.bytesOf(this.films[i], timeAt(tick)) }));
    paintRows(canvas, rows.filter(({ bytes }) => bytes), COUNT, this.ctx.colours());
  }

  picture() {
    if (!this.film.steps.length) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.film.index);
    return canvas;
  }

  table() {
    const { net, seed } = this.ctx.store.get();
    const rows = this.rows.flatMap((row, i) => {
      const { sampler, steps, eta } = this.requestOf(row);
      const found = this.found?.[i];
      return found ? [[sampler, steps, eta, seed, found.evaluations, found.seconds, found.distance]] : [];
    });
    if (!rows.length) return null;
    return {
      name: `${net}-samplers`,
      rows: [["sampler", "steps", "eta", "seed", "evaluations", "seconds", "L2 distance to 100 steps"], ...rows],
    };
  }
}

export default {
  hint: "The same noise x₁₀₀₀, taken to an image in few steps and in many",
  create: (ctx) => new Samplers(ctx),
};
