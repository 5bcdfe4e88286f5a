/** The norms of the generator's gradient over steps of the discriminators, on a logarithmic axis. */

import { Chart } from "../kit/chart/chart.js";
import { dashOf, sampleOf, withLosses } from "./losses.js";

export const NAMES = { saturating: "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "Wasserstein" };
const HEIGHT = 132;
const LOWEST = 1e-9;

const log = (value) => Math.log10(Math.max(LOWEST, value));

export class NormsChart {
  constructor(ctx, onMove) {
    this.chart = new Chart({ colours: () => withLosses(ctx.colours()) }, {
      label: "Norm of the generator's gradient over steps of D",
      height: HEIGHT,
      onMove,
    });
    this.element = this.chart.element;
  }

  show(frames, at) {
    const values = frames.flatMap(({ norms }) => Object.values(norms).map(log));
    const ys = [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values, Math.min(...values) + 1))];
    const end = Math.max(1, frames.at(-1).step);
    const powers = Array.from({ length: ys[1] - ys[0] + 1 }, (_, k) => ys[0] + k);
    this.chart.show({
      xs: [0, end],
      ys,
      ticks: { x: [0, end / 2, end], y: powers },
      name: `log₁₀ ‖∇‖: ${Object.entries(NAMES).map(([loss, name]) => `${sampleOf(loss)} ${name}`).join("  ")}`,
      lines: Object.keys(NAMES).map((loss) => ({
        points: frames.map(({ step, norms }) => [step, log(norms[loss])]),
        colour: loss,
        dash: dashOf(loss),
        width: 2.5,
      })),
      cursor: frames[at].step,
      words: frames[at].told.words,
    });
  }
}
