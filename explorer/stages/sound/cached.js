/** Why cached: one sound drawn with queues and without them, on one clock. */

import { Chart } from "../kit/chart/chart.js";
import { PanelFilm } from "../kit/film/panel_film.js";
import { blank } from "../kit/image/pixels.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { mean } from "../kit/shell/sums.js";
import { Wave } from "./wave.js";

const PER_SECOND = 12;
const LINES = { naive: { colour: "ink", width: 2.5 }, cached: { colour: "ink", dash: [6, 4] } };

class Cached extends PanelFilm {
  constructor(ctx) {
    super(ctx, "cached");
    this.wave = new Wave(ctx, {
      label: "The wave",
      height: 190,
      onMove: (sample, { rest }) => this.moveTo(sample, rest),
    });
    this.costs = new Chart(ctx, {
      label: "Seconds of computing so far",
      height: 220,
      onMove: (ms, { rest }) => this.moveTo(Math.round((ms * ctx.value().rate) / 1000), rest),
    });
    this.numbers = headline(this.rows(null), 0);
    const screen = h("div", { class: "sound-screen" }, this.wave.element, this.costs.element);
    this.open({
      nameOf: ({ digit, speaker }) => `“${digit}” by ${speaker}, drawn twice`,
      screen,
      dims: [screen, this.numbers],
      below: [this.numbers],
      label: "The sound, 1 ms a step",
      framesPerSecond: PER_SECOND,
    });
  }

  /** The film goes to the step that drew this sample. */
  moveTo(sample, rest) {
    if (!this.drawn) return;
    this.film.pause();
    this.ctx.store.set(this.stateOf(this.frameAt("time", sample)), { commit: rest });
  }

  /** Samples of a frame. */
  get together() {
    const [first, second] = this.drawn.frames;
    return second ? second.time - first.time : 0;
  }

  /** Samples that were given or not timed. */
  get given() {
    return this.drawn.frames[0].time + 1 - this.together;
  }

  /** The first sample in view: before it, all are given. */
  get from() {
    return Math.max(0, 2 * this.given - this.drawn.frames[0].x.length);
  }

  /** Milliseconds that a sample took on average, up to a frame. */
  pace(way, at) {
    return mean(this.drawn.frames.slice(0, at + 1).map(({ numbers }) => numbers[way]));
  }

  captionOf(at) {
    return `${num(this.wave.msOf((at + 1) * this.together), 0)} ms drawn`;
  }

  draw(at) {
    const { x, time } = this.drawn.frames[at];
    const ms = (frame) => this.wave.msOf(this.drawn.frames[frame].time + 1);
    const seconds = (way, frame) => (this.pace(way, frame) * (frame + 1) * this.together) / 1000;
    const shown = Array.from({ length: at + 1 }, (_, i) => i);
    const top = seconds("naive", at) || 1;
    const xs = [this.wave.msOf(this.from), this.wave.msOf(x.length)];
    this.wave.show(x.subarray(0, time + 1), {
      total: x.length,
      given: this.given,
      from: this.from,
      cursor: time,
      name: "The wave, over milliseconds; grey: given",
      words: `${time + 1} of ${x.length} samples`,
    });
    this.costs.show({
      xs,
      ys: [0, 1.05 * top],
      ticks: { y: [0, top] },
      lines: Object.entries(LINES).map(([way, style]) => ({
        ...style,
        points: [[this.wave.msOf(this.given), 0], ...shown.map((frame) => [ms(frame), seconds(way, frame)])],
      })),
      cursor: this.wave.msOf(time),
      name: "Seconds of computing so far: without queues (solid), with queues (dashed)",
      words: `without queues ${num(top)} seconds, with queues ${num(seconds("cached", at), 3)}`,
    });
    this.numbers.set(this.rows(at));
  }

  rows(at) {
    const of = (way) => (at === null ? "–" : num(this.pace(way, at)));
    const ratio = at === null ? "–" : num(this.pace("naive", at) / this.pace("cached", at), 1);
    return [
      ["without queues, a sample takes", ratio, "times as long"],
      ["with queues", of("cached"), "ms a sample"],
      ["without queues", of("naive"), "ms a sample"],
    ];
  }

  words(at) {
    const second = (this.pace("naive", at) * this.ctx.value().rate) / 1000;
    return `Without queues, a second of sound would take ${num(second, 0)} seconds. ` +
      "Each sample computes its whole receptive field again. With queues it computes one column of the network. " +
      "The times are processor time on this server, one thread.";
  }

  paint(canvas, at) {
    this.draw(at);
    const { canvas: source } = this.costs;
    blank(canvas, source.width, source.height, this.ctx.colours()).drawImage(source, 0, 0);
  }

  table() {
    if (!this.drawn) return null;
    const rows = this.drawn.frames.map(({ time, numbers }) => [time, numbers.naive, numbers.cached]);
    return { name: "cost-of-a-sample", rows: [["sample", "naive ms", "cached ms"], ...rows] };
  }
}

export default {
  hint: "What does a sample cost, with and without a cache?",
  create: (ctx) => new Cached(ctx),
};
