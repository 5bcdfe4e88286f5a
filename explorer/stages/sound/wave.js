/** Charts of a wave and of values of its samples, over one time axis in milliseconds. */

import { amplitudeOf } from "../spaces/wave.js";
import { Chart } from "../kit/chart/chart.js";

/** The smallest power of two, at most 1, that holds all amplitudes. */
function reachOf(samples) {
  const peak = samples.reduce((most, each) => Math.max(most, Math.abs(each)), 1 / 64);
  return Math.min(1, 2 ** Math.ceil(Math.log2(peak)));
}

export class Wave {
  /** `onMove(sample, { rest })` gets the selected sample. */
  constructor(ctx, { label, height, onMove }) {
    this.rate = ctx.value().rate;
    this.chart = new Chart(ctx, {
      label,
      height,
      onMove: (ms, how) => onMove(this.sampleOf(ms), how),
    });
    this.element = this.chart.element;
  }

  msOf(sample) {
    return (1000 * sample) / this.rate;
  }

  sampleOf(ms) {
    return Math.round((ms * this.rate) / 1000);
  }

  /** `levels` so far, of `total` samples; the first `given` are real; `cursor` is a sample. */
  show(levels, { total = levels.length, given = 0, cursor = null, name, words }) {
    const samples = Array.from(levels, amplitudeOf);
    const reach = reachOf(samples);
    const points = samples.map((each, i) => [this.msOf(i), each]);
    const lines = [{ points: points.slice(Math.max(0, given - 1)), colour: "ink", width: 1 }];
    if (given) lines.unshift({ points: points.slice(0, given), colour: "quiet", width: 1 });
    const xs = [0, this.msOf(total)];
    this.chart.show({
      xs,
      ys: [-reach, reach],
      ticks: { y: [0] },
      lines,
      cursor: cursor === null ? null : this.msOf(cursor),
      name,
      along: "ms",
      words,
    });
  }
}
