/** Reverse: an image comes out of noise step by step, and beside it what the network guesses at each step. */

import { Chart, under } from "../kit/chart/chart.js";
import { h } from "../kit/base/dom.js";
import { createNearest } from "../kit/image/nearest.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { imageOf } from "../kit/image/pixels.js";
import { TIMES } from "./schedule.js";
import { Pair } from "./pair.js";

const PER_SECOND = 12;
const CHART_HEIGHT = 118;
const AXES = {
  xs: [TIMES, 0],
  ticks: { x: [TIMES, 500, 0], y: [0] },
  name: "change of the prediction x̂₀ at each step (rms), by time t",
};

class Reverse extends ReportFilm {
  constructor(ctx) {
    super(ctx, "reverse");
    this.enlarged = false;
    this.build();
  }

  build() {
    const { ctx } = this;
    this.pair = new Pair({
      onChoose: (tap) => ctx.store.commit({ tap }),
      onEnlarge: (on) => this.enlarge(on),
    });
    this.chart = new Chart(ctx, {
      label: "Change of the prediction at each step, over time",
      height: CHART_HEIGHT,
      onMove: (t, { rest }) => this.film.go(this.frameAt("time", t), { rest }),
    });
    const side = h("div", { class: "beside-side reverse-side" }, this.chart.element, this.numbers);
    const counted = (steps) => `${steps.toLocaleString("en")} ${steps === 1 ? "step" : "steps"}`;
    this.nearest = createNearest(ctx);
    this.onScreen = h("div", { class: "beside reverse-screen" }, this.pair.element, side);
    this.open({
      nameOf: ({ count, steps }) => `${count === 1 ? "One image" : "Sixteen images"}, ${counted(steps)}`,
      screen: this.onScreen,
      dims: [this.pair.element],
      label: "Out of noise, step by step",
      framesPerSecond: PER_SECOND,
      below: [this.nearest.element],
    });
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

  /** Index of the watched image of the film. */
  get image() {
    return this.drawn?.count === 1 ? 0 : this.ctx.store.get().tap;
  }

  update(changed) {
    if (changed.has("grid")) this.enlarged = false;
    super.update(changed);
  }

  stateOf(at) {
    return { at };
  }

  /** Empty ground, and a word why. */
  wait() {
    const { grid, tap } = this.ctx.store.get();
    this.handOver(null);
    this.pair.show(null, {
      count: grid,
      chosen: grid === 1 ? 0 : tap,
      enlarged: false,
      words: { x: "The noise x₁₀₀₀ is on its way…", x0: "x̂₀: no prediction yet" },
    });
    this.chart.show({ ...AXES, ys: [0, 1], words: "nothing yet" });
  }

  /** The images on screen, by their numbers. */
  get shown() {
    return this.drawn.count === 1 || this.enlarged
      ? [this.image]
      : Array.from({ length: this.drawn.count }, (_, i) => i);
  }

  /** Numbers and sentences on the watched image. */
  reportOf(at) {
    const { report } = this.drawn.frames[at];
    return { ...report, ...report.images[this.image] };
  }

  draw(at) {
    const { drawn } = this;
    if (!drawn) return;
    const frame = drawn.frames[at];
    const which = drawn.count > 1 && this.enlarged ? ` of image ${this.image + 1}` : "";
    const tap = drawn.count > 1 && !this.enlarged ? " · tap to enlarge" : "";
    const words = {
      x: `xₜ${which}, t = ${frame.time}${tap}`,
      x0: frame.pictures.x0 ? `prediction x̂₀${which} at t = ${frame.numbers.t}` : "x̂₀: no prediction yet",
    };
    this.handOver(frame);
    this.pair.show(frame, { count: drawn.count, chosen: this.image, enlarged: this.enlarged, words });
    this.showChart(at);
    super.draw(at);
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
    const points = frames
      .filter(({ numbers }) => numbers.moved)
      .map(({ time, numbers }) => [time, numbers.moved[this.image]]);
    const top = Math.max(0.01, ...points.map(([, y]) => y));
    const now = points.find(([time]) => time === frames[at].time);
    this.chart.show({
      ...AXES,
      ys: [0, top],
      ticks: { ...AXES.ticks, y: [0, Math.floor(100 * top) / 100] },
      areas: points.length ? [{ points: under(points), colour: "quiet", alpha: 0.2 }] : [],
      lines: [{ points, colour: "ink" }],
      dot: now ?? null,
      cursor: frames[at].time,
      words: `at time ${frames[at].time}: ${this.reportOf(at).words}`,
    });
  }

  /** The sentences, and of a finished image the nearest training image. */
  tell(moving) {
    super.tell(moving);
    const { drawn, image, film } = this;
    const over = drawn?.done && film.index === drawn.total - 1;
    if (!over) return this.nearest.meet(null);
    const grey = Float32Array.from(imageOf(drawn.frames[film.index].x, image), (level) => level / 255);
    this.nearest.meet(`${drawn.id} ${image}`, grey, this.ctx.net().dataset);
  }
}

export default {
  create: (ctx) => new Reverse(ctx),
};
