/** How the chains mix, as charts: the trace of the first one, and the autocorrelation of all. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { autocorrelation } from "./mixing.js";
import { HALF } from "../kit/plane/plane_canvas.js";

const HEIGHT = 110;
const POINTS = 300;
const LAGS = 200;
const LEAST = 40; // moves until there is something to say of how they hang together

export function createCharts(ctx) {
  const trace = new Chart(ctx, { label: "x₁ of the first chain, move by move", height: HEIGHT });
  const rho = new Chart(ctx, { label: "Autocorrelation of x₁", height: HEIGHT });
  const note = h("p", { class: "note" });
  const element = h("div", { class: "mixing-charts" }, trace.element, rho.element, note);

  function showTrace(run, at) {
    trace.element.hidden = !run;
    if (!run) return;
    const every = Math.max(1, Math.ceil(at / POINTS));
    const points = [];
    for (let k = 0; k <= at; k += every) points.push([k, run.frames[k].x[0]]);
    trace.show({
      xs: [0, run.total - 1],
      ys: [-HALF, HALF],
      ticks: { x: [0, run.total - 1], y: [-2, 0, 2] },
      name: "x₁ of the first chain",
      lines: [{ points, colour: "you", width: 1.2 }],
      words: `${num(run.frames[at].x[0])} after ${at} moves`,
    });
  }

  /** Of the later half of the moves until now. */
  function showMixing(run, at) {
    rho.element.hidden = !run || at < LEAST;
    if (rho.element.hidden) return;
    const found = autocorrelation(run.series(0, at >> 1, at + 1), 10).slice(0, LAGS);
    rho.show({
      xs: [0, Math.max(10, found.length - 1)],
      ys: [-0.2, 1],
      ticks: { x: [0, Math.max(10, found.length - 1)], y: [0, 0.5, 1] },
      name: "autocorrelation of x₁ by lag",
      lines: [{ points: found.map((value, lag) => [lag, value]), colour: "ink" }],
      words: `${num(found[Math.min(10, found.length - 1)])} at a lag of ten moves`,
    });
  }

  return { element, note, trace: showTrace, mixing: showMixing };
}
