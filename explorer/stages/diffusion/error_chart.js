/** How wrong the network of a toy is, level by level: measured on the card, and at the level on screen. */

import { Chart } from "../kit/chart/chart.js";
import { brief } from "../kit/shell/format.js";

const LEVELS = [0, 3]; // of t, as powers of ten
const ENDS = [-4, 1];
const log = (value) => Math.max(ENDS[0], Math.log10(value));

export function createErrorChart(ctx) {
  const chart = new Chart(ctx, { label: "Squared error of the predicted noise by time", height: 130 });

  /** `errors` is the card's, null while there is none; `level` the field at the time on screen. */
  function show(errors, level) {
    chart.element.hidden = !errors;
    if (!errors) return;
    const { levels, error, size } = errors;
    const line = (values) => levels.map((t, i) => [log(t), log(values[i])]);
    const now = log(level.t);
    chart.show({
      xs: LEVELS,
      ys: ENDS,
      ticks: { x: LEVELS, y: [-4, -2, 0] },
      names: { x: ["t = 1", "1,000"], y: ["10⁻⁴", "0.01", "1"] },
      name: "mean squared error of ε̂",
      lines: [
        { points: line(size), colour: "quiet", dash: [4, 4], label: "size of ε*", at: levels.length >> 1 },
        { points: line(error), colour: "ink", label: "error", at: levels.length >> 1, below: true },
      ],
      cursor: now,
      dot: [now, log(level.difference.error)],
      words: `${brief(level.difference.error)} at time ${level.t}`,
    });
  }

  return { element: chart.element, show };
}
