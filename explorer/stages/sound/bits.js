/** The bits of the samples of a sound over time, as means over 5 ms. */

import { Chart } from "../kit/chart/chart.js";
import { num } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

const BLOCK = 40; // samples of a mean

export class Bits {
  /** `wave` gives the time of a sample; `onMove(ms, { rest })` is told of a place under a pointer that drags. */
  constructor(ctx, { height, wave, onMove }) {
    this.wave = wave;
    this.chart = new Chart(ctx, { label: "Bits of each sample", height, onMove });
    this.element = this.chart.element;
  }

  show(bits, cursor) {
    const starts = Array.from({ length: Math.ceil(bits.length / BLOCK) }, (_, i) => i * BLOCK);
    const pointOf = (start) => [this.wave.msOf(start + BLOCK / 2), mean(bits.slice(start, start + BLOCK))];
    const ms = this.wave.msOf(bits.length);
    this.chart.show({
      xs: [0, ms],
      ys: [0, 10],
      ticks: { y: [0, 8] },
      lines: [{ points: starts.map(pointOf), colour: "ink" }],
      cursor: this.wave.msOf(cursor),
      name: "Bits a sample, mean over 5 ms; 8 without a model",
      words: `${num(mean(bits))} bits a sample on average`,
    });
  }
}
