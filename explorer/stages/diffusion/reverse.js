/** Reverse: an image comes out of noise step by step, and beside it what the network guesses at each step. */

import { Chart } from "../kit/chart/chart.js";
import { headline } from "../kit/shell/more.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { createNearest } from "../kit/image/nearest.js";
import { OneFilm } from "../kit/film/one_film.js";
import { createSeen, empty, fillPanel } from "../kit/shell/parts.js";
import { imageOf } from "../kit/image/pixels.js";
import { createTries } from "../kit/lesson/tries.js";
import { TIMES } from "./schedule.js";
import { paintPair, Pair } from "./pair.js";
import { createReverseControls } from "./reverse_controls.js";
import { reverseWords } from "./reverse_words.js";

const PER_SECOND = 12;
const ASK_AGAIN = ["net", "seed", "label", "w", "sampler", "steps", "eta", "grid", "mode"];
const GIF_SCALE = { 1: 6, 16: 2 };
const PNG_SCALE = { 1: 12, 16: 4 };
const CHART_HEIGHT = 118;
const AXES = {
  xs: [TIMES, 0],
  ticks: { x: [TIMES, 750, 500, 250, 0], y: [0, 0.5, 1] },
  name: "— size of ε̂  ┄ x̂₀ moved",
};
const TRIES = [
  ["A 3 in ten steps", {
    net: "diffusion-mnist",
    seed: 7,
    label: 3,
    w: 2,
    sampler: "ddim",
    steps: 10,
    eta: 0,
    grid: 1,
    at: null,
  }],
  ["Sixteen at once", { label: null, grid: 16, sampler: "ddim", steps: 50, at: null }],
  ["DDPM, 250 steps", { sampler: "ddpm", steps: 250, grid: 1, at: null }],
];

class Reverse extends OneFilm {
  constructor(ctx) {
    super(ctx);
    this.enlarged = false;
    this.build();
  }

  build() {
    const { ctx } = this;
    this.pair = new Pair({
      onChoose: (tap) => ctx.store.set({ tap }, { commit: true }),
      onEnlarge: (on) => this.enlarge(on),
    });
    this.chart = new Chart(ctx, {
      label: "Size of the predicted noise, and how far the guess moved, over time",
      height: CHART_HEIGHT,
      onMove: (t, { rest }) => this.film.go(this.frameAt("time", t), { rest }),
    });
    this.numbers = headline(this.rows(null), 2);
    this.empty = empty();
    const side = h("div", { class: "beside-side reverse-side" }, this.chart.element, this.numbers);
    const counted = (steps) => `${steps.toLocaleString("en")} ${steps === 1 ? "step" : "steps"}`;
    this.roll({
      name: "reverse",
      nameOf: ({ count, steps }) => `${count === 1 ? "One image" : "Sixteen images"}, ${counted(steps)}`,
      screen: h("div", { class: "beside reverse-screen" }, this.pair.element, side),
      dims: [this.pair.element],
      label: "Out of noise, step by step",
      filename: "reverse.gif",
      framesPerSecond: PER_SECOND,
    });
    fill(ctx.main, h("div", { class: "stand" }, this.empty, this.film.host));
    this.controls = createReverseControls(ctx);
    this.seen = createSeen();
    this.nearest = createNearest(ctx);
    const tries = createTries(ctx, TRIES);
    fillPanel(ctx, this.controls.element, this.queue.element, this.seen.element, this.nearest.element, tries);
  }

  key(event) {
    if (event.key !== "Escape" || !this.enlarged) this.film.key(event);
    else {
      this.enlarge(false);
      event.preventDefault();
    }
    return event.defaultPrevented;
  }

  enlarge(on) {
    this.enlarged = on;
    this.draw(this.film.index);
    const { board, wall } = this.pair.sides.x;
    if (on) this.pair.back.focus();
    else (wall.element.hidden ? board : wall).canvas.focus();
  }

  /** What Python is asked; DDPM knows no η, and without a class there is no guidance. */
  get wanted() {
    const { net, seed, grid, label, w, sampler, steps, eta } = this.ctx.store.get();
    return {
      net,
      seed,
      count: grid,
      label,
      w: label === null ? 1 : w,
      sampler,
      steps,
      eta: sampler === "ddim" ? eta : 0,
    };
  }

  /** Which image of the film is watched. */
  get image() {
    return this.drawn?.count === 1 ? 0 : this.ctx.store.get().tap;
  }

  update(changed) {
    this.controls.update();
    const { error } = this.ctx.net();
    this.empty.hidden = !error;
    this.film.host.hidden = Boolean(error);
    setText(this.empty, error ?? "");
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      if (this.ctx.store.get().grid === 1) this.enlarged = false;
      this.ask(error ? null : this.wanted);
    } else if (changed.has("at") || changed.has("tap")) this.seek();
  }

  stateOf(at) {
    return { at };
  }

  arrived() {
    super.arrived();
    if (this.drawn) return;
    if (this.request) this.showNothing();
    else this.tell();
  }

  /** Another film: it begins by itself, unless the address says where it stands or motion is unwanted. */
  begin() {
    const { ctx, film } = this;
    const plays = ctx.store.get().at === null && !ctx.prefersReducedMotion();
    film.index = plays ? 0 : this.at;
    film.setSteps(this.steps());
    if (plays) film.toggle();
  }

  /** Nothing has come yet: empty ground, and a word why. */
  showNothing() {
    const { grid, tap } = this.ctx.store.get();
    this.handOver(null);
    this.pair.show(null, {
      count: grid,
      chosen: grid === 1 ? 0 : tap,
      enlarged: false,
      words: { x: "The noise x₁₀₀₀ is on its way…", x0: "x̂₀: no guess yet" },
    });
    this.chart.show({ ...AXES, ys: [0, 1.2], words: "nothing yet" });
  }

  /** The images on screen, by their numbers. */
  get shown() {
    return this.drawn.count === 1 || this.enlarged
      ? [this.image]
      : Array.from({ length: this.drawn.count }, (_, i) => i);
  }

  captionOf(at) {
    const { time } = this.drawn.frames[at];
    if (at === 0) return `Nothing but noise, at t = ${time}: ▶ plays, › goes one step`;
    return time === 0 ? "Finished: no noise is left" : `Noise of time ${time} is left`;
  }

  draw(at) {
    const { drawn } = this;
    if (!drawn) return;
    const frame = drawn.frames[at];
    const which = drawn.count > 1 && this.enlarged ? ` of image ${this.image + 1}` : "";
    const tap = drawn.count > 1 && !this.enlarged ? " · tap one to enlarge it" : "";
    const words = {
      x: `xₜ${which}, t = ${frame.time}${tap}`,
      x0: frame.pictures.x0 ? `x̂₀${which}, guessed at t = ${frame.numbers.t}` : "x̂₀: no guess yet",
    };
    this.handOver(frame);
    this.pair.show(frame, { count: drawn.count, chosen: this.image, enlarged: this.enlarged, words });
    this.showChart(at);
    this.numbers.set(this.rows(at));
  }

  /** The watched image of a frame goes to the picture of the mechanism, with its noise and the network's guess. */
  handOver(frame) {
    const of = (bytes) => (bytes ? imageOf(bytes, this.image) : null);
    this.ctx.show("out", of(frame?.x));
    this.ctx.show("guess", of(frame?.pictures.x0));
    this.ctx.show("noise", of(frame && this.drawn.frames[0].x));
    this.ctx.show("x", frame?.time === 0 ? of(frame.x) : null);
  }

  showChart(at) {
    const { frames } = this.drawn;
    const line = (key, how) => ({
      points: frames.filter(({ numbers }) => numbers[key]).map(({ time, numbers }) => [time, numbers[key][this.image]]),
      ...how,
    });
    const lines = [line("noise_norm", { colour: "ink" }), line("moved", { colour: "quiet", dash: [4, 4] })];
    const top = Math.max(1.2, ...lines.flatMap(({ points }) => points.map(([, y]) => y)));
    const [, size, moved] = this.rows(at).map(([, value]) => value);
    this.chart.show({
      ...AXES,
      ys: [0, top],
      ticks: { ...AXES.ticks, ...(top > 3 && { y: [0, Math.floor(top)] }) },
      lines,
      cursor: frames[at].time,
      words: `at time ${frames[at].time} the noise has size ${size}, and the guess moved by ${moved}`,
    });
  }

  rows(at) {
    const film = this.drawn;
    const frame = film?.frames[at ?? 0];
    const of = (values) => (values ? num(values[this.image], 3) : "–");
    return [
      ["step", frame && at > 0 ? `t = ${frame.numbers.t} → ${frame.time}` : "–"],
      ["size of ε̂ (rms)", of(frame?.numbers.noise_norm)],
      ["x̂₀ moved (rms)", of(frame?.numbers.moved)],
      [
        "network evaluations",
        film ? `${film.evaluations.toLocaleString("en")} in ${num(film.seconds)}` : "–",
        film ? "s" : "",
      ],
    ];
  }

  /** The sentences, and of a finished image the nearest training image. */
  tell(moving) {
    const { drawn, image } = this;
    if (!drawn) {
      this.seen("");
      return this.nearest.meet(null);
    }
    const at = this.film.index;
    const { seed, dataset } = { seed: this.ctx.store.get().seed, ...this.ctx.net() };
    this.seen(reverseWords({ film: drawn, at, image, seed }), moving);
    const over = drawn.done && at === drawn.total - 1;
    const grey = over ? Float32Array.from(imageOf(drawn.frames[at].x, image), (level) => level / 255) : null;
    this.nearest.meet(over ? `${drawn.id} ${image}` : null, grey, dataset);
  }

  paint(canvas, at, scales = GIF_SCALE) {
    paintPair(canvas, this.drawn.frames[at], this.shown, scales[this.shown.length]);
  }

  hasResult() {
    return Boolean(this.drawn);
  }

  picture() {
    if (!this.drawn) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.film.index, PNG_SCALE);
    return canvas;
  }

  table() {
    if (!this.drawn) return null;
    const rows = this.drawn.frames.slice(1).map(({ time, numbers: { t, noise_norm, moved } }) => {
      return [t, time, noise_norm[this.image], moved?.[this.image]];
    });
    return { name: `${this.ctx.store.get().net}-reverse`, rows: [["t", "s", "noise_rms", "moved_rms"], ...rows] };
  }
}

export default {
  hint: "Each step removes a little of the noise that the network sees",
  create: (ctx) => new Reverse(ctx),
};
