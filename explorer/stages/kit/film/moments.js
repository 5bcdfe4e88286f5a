/** The moments of a training that were kept: how far it had come, and what was measured of the network then. */

import { Chart } from "../chart/chart.js";
import { num } from "../base/format.js";

const TICKS = 5;

const epochWords = ({ epoch, averaged }) => `epoch ${num(epoch)}${averaged ? ", averaged" : ""}`;

/** Progress of the training, in words. */
export const whenWords = (moment) => `${moment.images.toLocaleString("en")} images seen (${epochWords(moment)})`;

/** Whole numbers from below the least to above the most of some values, and 0; three of them where they are many. */
function wholes(values) {
  const [low, high] = [Math.floor(Math.min(0, ...values)), Math.ceil(Math.max(1, ...values))];
  if (high - low >= TICKS) return low ? [low, 0, high] : [0, high];
  return Array.from({ length: high - low + 1 }, (_, k) => low + k);
}

/** One figure at every moment, with a mark at the one that is looked at; `film()` is the film that a drag scrubs. */
export class MomentChart {
  constructor(ctx, { label, height, film }) {
    this.chart = new Chart(ctx, { label, height, onMove: (at, how) => film().go(Math.round(at), how) });
    this.element = this.chart.element;
  }

  /** `values` of the `moments`, with number `at` selected; `name` is the title. */
  show(moments, values, at, name) {
    const [ticks, ends] = [wholes(values), [0, Math.max(1, values.length - 1)]];
    this.chart.show({
      xs: ends,
      ys: [ticks[0], ticks.at(-1)],
      ticks: { x: ends, y: ticks },
      names: { x: ends.map((k) => moments[k]?.images.toLocaleString("en") ?? "") },
      along: "images seen",
      name: `${name}: ${num(values[at])}`,
      lines: [{ points: values.map((value, k) => [k, value]), colour: "ink" }],
      cursor: at,
      dot: [at, values[at]],
      words: `${num(values[at])} at ${whenWords(moments[at])}; ${num(values[0])} at the start, ` +
        `${num(values.at(-1))} at the end`,
    });
  }
}
