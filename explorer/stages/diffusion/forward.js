/** Forward: an image turns into noise once, or up to the slider's time, all at once and in the browser. */

import { playsOnce } from "../kit/film/filmed.js";
import { createFilm } from "../kit/film/player.js";
import { headline } from "../kit/panel/more.js";
import { Board } from "../kit/image/board.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { captioned, empty } from "../kit/panel/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas, LARGE } from "../kit/image/pixels.js";
import { Chart } from "../kit/chart/chart.js";
import { greyOf } from "../kit/panel/chosen.js";
import { addNoise, END, GAUSSIAN, histogramOf, momentsOf, noiseOf, toGrey } from "./noising.js";
import { ALPHAS, signalToNoise, TIMES } from "./schedule.js";

const TILE = 84;
const PER_SECOND = 100;
const STRIDE = 50;
const GIF = { scale: 3, frames: 100 };
const CLOSE = 0.05;
const OTHER = { linear: "cosine", cosine: "linear" };
const sharesOf = (alpha) => ({ signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) });
const HIGHEST = 1; // of the histogram; higher bars are cut
const NOTHING = {
  test: "Choose a test image: the slider turns it into noise.",
  draw: "Draw something on the pad: the slider turns it into noise.",
};

class Forward extends ByHand {
  constructor(ctx) {
    super(ctx, "forward");
    this.x0 = null;
    this.build();
  }

  build() {
    const { ctx } = this;
    const move = (x, { rest }) => this.film.go(Math.round(x), { rest });
    this.board = new Board({ label: "The noised image xₜ", size: LARGE });
    this.tiles = Object.fromEntries(["x₀", "ε"].map((name) => [name, captioned(imageCanvas(name, TILE), name)]));
    this.plot = new Chart(ctx, { label: "ᾱₜ over time", height: 190, onMove: move });
    this.histogram = new Chart(ctx, { label: "Histogram of the pixels of xₜ", height: 180 });
    this.numbers = headline(figuresOf(this.declared, {}), 0);
    this.empty = empty();
    this.film = this.createFilm();
    this.chooser = new Picture(ctx, { others: false });
    this.open(h("div", { class: "stand" }, this.empty, this.film.host), { above: [this.chooser.element] });
  }

  createFilm() {
    const sum = h(
      "div",
      { class: "row forward-sum" },
      this.tiles["x₀"],
      h("span", {}, "+"),
      this.tiles.ε,
      h("span", {}, "= xₜ, above"),
    );
    const picture = h("div", { class: "board-column" }, this.board.element, sum);
    const side = h(
      "div",
      { class: "beside-side" },
      h("div", { class: "result" }, this.plot.element),
      this.histogram.element,
      this.numbers,
    );
    const { ctx } = this;
    return createFilm({
      steps: this.steps(),
      screen: h("div", { class: "beside forward-screen" }, picture, side),
      label: "Adding noise, time by time",
      filename: "forward.gif",
      framesPerSecond: PER_SECOND,
      stride: { size: STRIDE, name: `${STRIDE} times` },
      frames: GIF.frames,
      places: () => ["t"],
      onStep: (t, { rest }) => ctx.store.set({ t: t === TIMES ? null : t }, { commit: rest }),
      tell: (moving) => this.say(moving),
    });
  }

  steps() {
    return {
      length: TIMES + 1,
      show: (t) => this.show(t),
      place: (t) => `t = ${t}`,
      caption: (t) => sentences(this.declared, sharesOf(this.alphas[t]), "caption"),
    };
  }

  enter() {
    startWithExample(this.ctx);
  }

  get alphas() {
    return ALPHAS[this.ctx.store.get().schedule];
  }

  update(changed) {
    const state = this.ctx.store.get();
    this.chooser.update();
    this.controls.update();
    if (this.seedShown !== state.seed) {
      this.seedShown = state.seed;
      this.eps = noiseOf(state.seed);
      drawImage(this.tiles.ε.firstChild, toGrey(this.eps));
      this.ctx.show("noise", toGrey(this.eps));
    }
    this.x0 = this.readImage();
    this.empty.hidden = this.x0 !== null || (this.chooser.kind === "test" && state.img !== null);
    this.film.host.hidden = this.x0 === null;
    if (!this.x0) return this.nothing();
    drawImage(this.tiles["x₀"].firstChild, toGrey(this.x0));
    const t = state.t ?? TIMES;
    if (this.film.index !== t || !changed.has("t") || changed.size > 1) this.film.follow(state.t, t);
    const of = JSON.stringify([state.net, state.set, state.img, state.source]);
    if (this.of === of) return;
    this.of = of;
    if (!this.film.timer && playsOnce(this.ctx, "t")) this.film.toggle();
  }

  say(moving) {
    const picture = drawnOrTest(this.ctx.store.get(), this.ctx.net().dataset);
    if (!this.x0 || !picture) return; // none may be chosen any more when a film rests
    const report = { name: nameOf(picture), ...this.reportAt(this.film.index) };
    const names = report.t ? ["at", "pixels", "other", report.schedule === "cosine" && "trained"] : ["clean"];
    this.seen(sentences(this.declared, report, ...names), moving);
  }

  /** Sentences on xₜ, and on the other schedule at this time. */
  reportAt(t, x = this.noised(t)) {
    const { says } = this.declared;
    const { schedule } = this.ctx.store.get();
    const [other, alpha, { mean, deviation }] = [OTHER[schedule], this.alphas[t], momentsOf(x)];
    const [ratio, there] = [signalToNoise(alpha), ALPHAS[other][t]];
    const balance = says[ratio > 1.05 ? "image" : ratio < 0.95 ? "noisy" : "even"];
    const less = Math.abs(alpha - there) < CLOSE ? "about as much" : alpha > there ? "less" : "more";
    const hardly = Math.abs(mean) < CLOSE && Math.abs(deviation - 1) < CLOSE ? says.hardly : "";
    return {
      t,
      schedule,
      other,
      alpha,
      ratio: t ? num(ratio, alpha < 0.1 ? 5 : 3) : "∞",
      there,
      balance,
      less,
      mean,
      deviation,
      hardly,
    };
  }

  nothing() {
    this.film.pause();
    this.ctx.show("out", null);
    this.seen("");
    setText(this.empty, NOTHING[this.chooser.kind]);
  }

  /** The chosen image in the network's scale, or null. */
  readImage() {
    const grey = greyOf(this.ctx);
    return grey && Float32Array.from(grey, (level) => level / 127.5 - 1);
  }

  noised(t) {
    return addNoise(this.x0, this.eps, this.alphas[t]);
  }

  show(t) {
    if (!this.x0) return;
    const x = this.noised(t);
    this.ctx.show("out", toGrey(x));
    this.board.show({ values: toGrey(x), words: this.film?.steps.caption(t) ?? "" });
    const { signal, noise } = sharesOf(this.alphas[t]);
    setText(this.tiles["x₀"].caption, `${num(signal, 3)} x₀`);
    setText(this.tiles.ε.caption, `${num(noise, 3)} ε`);
    this.showPlot(t);
    this.showHistogram(x);
    this.numbers.set(figuresOf(this.declared, this.reportAt(t, x)));
  }

  showPlot(t) {
    const { schedule } = this.ctx.store.get();
    const line = (name) => ({
      points: Array.from(ALPHAS[name], (alpha, time) => [time, alpha]),
      colour: name === schedule ? "ink" : "quiet",
      dash: name === schedule ? [] : [4, 4],
      label: name,
    });
    const [other, alpha] = [OTHER[schedule], this.alphas[t]];
    this.plot.show({
      xs: [0, TIMES],
      ys: [0, 1],
      ticks: { x: [0, 250, 500, 750, TIMES], y: [0, 0.5, 1] },
      lines: [line(other), line(schedule)],
      cursor: t,
      dot: [t, alpha],
      name: "ᾱₜ by time t",
      words: `${num(alpha, 4)} at time ${t}, ${schedule} schedule`,
    });
  }

  showHistogram(x) {
    const { mean, deviation } = momentsOf(x);
    this.histogram.show({
      xs: [-END, END],
      ys: [0, HIGHEST],
      ticks: { x: [-3, -2, -1, 0, 1, 2, 3], y: [0, 0.5, 1] },
      bars: histogramOf(x).map((bar) => ({ ...bar, y: Math.min(HIGHEST, bar.y) })),
      lines: [{ points: GAUSSIAN, colour: 3, width: 2, label: "N(0, 1)" }],
      name: "density of the pixels of xₜ",
      words: `mean ${num(mean)}, standard deviation ${num(deviation)}`,
    });
  }

  hasResult(what) {
    return Boolean(what === "table" ? true : this.x0);
  }

  table() {
    const { schedule } = this.ctx.store.get();
    const row = (alpha, t) => [t, alpha, 1 - alpha, t === 0 ? null : signalToNoise(alpha)];
    return {
      name: `schedule-${schedule}`,
      rows: [["t", "alpha_bar", "noise_variance", "signal_to_noise"], ...Array.from(this.alphas, row)],
    };
  }
}

export default {
  hint: "Drag the slider: noise covers the image",
  create: (ctx) => new Forward(ctx),
};
