/** Speak: a wave appears, each sample drawn from a distribution over 256 levels that is shown beside it. */

import { Chart } from "../kit/chart/chart.js";
import { PanelFilm } from "../kit/film/panel_film.js";
import { blank } from "../kit/image/pixels.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { mean } from "../kit/shell/sums.js";
import { createListen } from "./audio.js";
import { Wave } from "./wave.js";

const PER_SECOND = 20;
const LEVELS = 256;

class Speak extends PanelFilm {
  constructor(ctx) {
    super(ctx, "speak");
    this.rate = ctx.value().rate;
    this.wave = new Wave(ctx, {
      label: "The wave",
      height: 250,
      onMove: (sample, { rest }) => this.choose(sample, rest),
    });
    this.chances = new Chart(ctx, { label: "Probability of each level", height: 190 });
    this.numbers = headline(this.rows(null), 0);
    const listen = createListen({
      rate: this.rate,
      levelsOf: () => this.drawn && this.levelsAt(this.film.index),
      nameOf: () => `${ctx.store.get().net}-${ctx.store.get().digit}-${ctx.store.get().seed}`,
    });
    const screen = h("div", { class: "sound-screen" }, this.wave.element, this.chances.element);
    this.open({
      nameOf: ({ digit, speaker }) => `“${digit}” by ${speaker}`,
      screen,
      dims: [screen, this.numbers],
      below: [this.numbers, listen],
      label: "The sound, 5 ms a step",
      framesPerSecond: PER_SECOND,
    });
  }

  /** The film goes to the step that drew this sample. */
  choose(sample, rest) {
    if (!this.drawn) return;
    const at = this.frameAt("time", Math.max(sample, this.given));
    this.film.pause();
    this.ctx.store.set(this.stateOf(at), { commit: rest });
  }

  /** How many samples are given. */
  get given() {
    const [first] = this.drawn.frames;
    return first.time + 1 - first.numbers.log_prob[0].length;
  }

  levelsAt(at) {
    const { x, time } = this.drawn.frames[at];
    return x.subarray(0, time + 1);
  }

  captionOf(at) {
    return `${num((1000 * (this.drawn.frames[at].time + 1)) / this.rate, 0)} ms`;
  }

  draw(at) {
    const { time, x, numbers } = this.drawn.frames[at];
    this.wave.show(this.levelsAt(at), {
      total: x.length,
      given: this.given,
      cursor: time,
      name: "The wave, over milliseconds",
      words: `${time + 1} of ${x.length} samples`,
    });
    const p = numbers.p[0];
    const most = Math.max(...p);
    this.chances.show({
      xs: [0, LEVELS],
      ys: [0, most],
      ticks: { x: [0, 128, 255], y: [0, most] },
      bars: p.map((y, level) => ({ x0: level, x1: level + 1, y, colour: "ink" })),
      cursor: x[time] + 0.5,
      name: "Probability of each level at the cursor",
      words: `the most likely level is ${p.indexOf(most)}, level ${x[time]} was drawn`,
    });
    this.numbers.set(this.rows(at));
  }

  rows(at) {
    const shown = at === null ? [] : this.drawn.frames.slice(0, at + 1);
    const bits = (key) => mean(shown.flatMap(({ numbers }) => numbers[key][0])) / Math.LN2;
    const of = (value) => (at === null ? "–" : num(value()));
    return [
      ["surprise so far", of(() => -bits("log_prob")), "bits/sample"],
      ["expected surprise (entropy)", of(() => bits("entropy")), "bits/sample"],
      ["network evaluations", at === null ? "–" : num(shown.at(-1).time + 1 - this.given, 0), ""],
    ];
  }

  words(at) {
    const { time, x, numbers } = this.drawn.frames[at];
    const p = 100 * Math.exp(numbers.log_prob[0].at(-1));
    return `Level ${x[time]} had a probability of ${
      num(p)
    } %. Drag the cursor to see the prediction at another sample.${this.heard()}`;
  }

  /** How often a classifier hears the asked digit. */
  heard() {
    const { heard } = this.ctx.net();
    return heard === null
      ? ""
      : ` A classifier hears the digit that was asked for in ${num(100 * heard, 0)} % of such sounds.`;
  }

  paint(canvas, at) {
    this.draw(at);
    const { chart: { canvas: source } } = this.wave;
    blank(canvas, source.width, source.height, this.ctx.colours()).drawImage(source, 0, 0);
  }

  table() {
    if (!this.drawn) return null;
    const levels = this.levelsAt(this.last);
    return { name: "sound", rows: [["sample", "level"], ...Array.from(levels, (level, i) => [i, level])] };
  }
}

export default {
  hint: "Each of 8,000 samples a second is drawn from a prediction",
  create: (ctx) => new Speak(ctx),
};
