/** Speak: a wave appears, each sample drawn from a distribution over 256 levels that is shown beside it. */

import { Chart } from "../kit/chart/chart.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { h } from "../kit/base/dom.js";
import { capital } from "../kit/base/format.js";
import { createListen } from "./audio.js";
import { Wave } from "./wave.js";

const LEVELS = 256;
const LONG = 4000; // samples

class Speak extends ReportFilm {
  constructor(ctx) {
    super(ctx, "speak");
    const onMove = (sample, { rest }) => this.drawn && this.moveTo(this.frameAt("time", sample), rest);
    this.wave = new Wave(ctx, { label: "The wave", height: 290, onMove });
    this.chances = new Chart(ctx, { label: "Probability of each level", height: 210 });
    this.listen = createListen({
      rate: this.wave.rate,
      levelsOf: () => this.drawn && this.levelsAt(this.film.index),
      nameOf: () => `${ctx.store.get().net}-${ctx.store.get().digit}-${ctx.store.get().seed}`,
    });
    const screen = h("div", { class: "sound-screen" }, this.wave.element, this.chances.element);
    this.open({
      nameOf: ({ digit, speaker }) => `“${digit}” by ${capital(speaker)}`,
      screen,
      above: [this.listen],
      below: [this.numbers],
      label: "The sound, 5 ms a step",
      framesPerSecond: 20,
    });
  }

  levelsAt(at) {
    const { x, time } = this.drawn.frames[at];
    return x.subarray(0, time + 1);
  }

  /** The axes of a sound that is still to come. */
  wait() {
    const words = "The network draws the first samples…";
    this.wave.show([], { total: LONG, name: words, words });
  }

  draw(at) {
    super.draw(at);
    this.listen.update();
    const { time, x, numbers: { p: [p] }, report } = this.drawn.frames[at];
    this.wave.show(this.levelsAt(at), {
      total: x.length,
      given: report.given,
      cursor: time,
      name: report.given ? "Amplitude; grey: the real sound, then the network's" : "Amplitude, drawn by the network",
      words: `${time + 1} of ${x.length} samples`,
    });
    const most = Math.max(...p);
    this.chances.show({
      xs: [0, LEVELS],
      ys: [0, most],
      ticks: { x: [0, 128, 255], y: [0, most] },
      bars: p.map((y, level) => ({ x0: level, x1: level + 1, y, colour: "ink" })),
      cursor: x[time] + 0.5,
      name: "Predicted probability of each of 256 levels",
      words: `the most likely level is ${p.indexOf(most)}, level ${x[time]} was drawn`,
    });
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
