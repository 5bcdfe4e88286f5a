/** The measured rate–distortion curve, with a dot at the present β. */

import { Chart } from "../kit/chart/chart.js";
import { h, setText } from "../kit/base/dom.js";
import { sentences } from "../kit/panel/says.js";
import { formatBeta, rates as ratesAt } from "./card.js";

const HEIGHT = 150;
const ROOM = 0.08; // of the distortion's range, above and below

export function createCurve(ctx) {
  const chart = new Chart(ctx, { label: "Rate–distortion curve", height: HEIGHT });
  const note = h("p", { class: "curve-note with-numbers" });
  const element = h("div", { class: "curve result" }, chart.element, note);

  /** @param {Set<string>} changed @param {State} state */
  function update(changed, { beta }) {
    if (!["beta", "data", "mount", "value"].some((key) => changed.has(key))) return;
    const entry = ctx.net();
    const at = ratesAt(entry, beta);
    const said = !entry.curve?.length ? "unmeasured" : beta === 0 ? "off" : "curve";
    const { distortion, rate } = at;
    const found = { distortion, name: formatBeta(beta), sum: distortion + beta * rate, bound: distortion + rate };
    const words = sentences(ctx.value().panels.explore, found, said);
    setText(note, words);
    chart.element.hidden = !entry.curve?.length;
    if (entry.curve?.length) show(chart, entry, at, words);
  }
  return { element, update };
}

function show(chart, { curve }, at, words) {
  const all = curve.map(({ distortion }) => distortion);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = ROOM * (high - low);
  const end = 1.05 * Math.max(...curve.map(({ rate }) => rate));
  const rates = [0, 5, 10, 15, 20].filter((rate) => rate <= end);
  chart.show({
    xs: [0, end],
    ticks: { x: rates },
    names: { x: rates.map((rate) => `${rate ? "" : "R = "}${rate}`) },
    ys: [low - room, high + room],
    name: "Distortion D by rate R, nats (test)",
    lines: [{ points: curve.map(({ rate, distortion }) => [rate, distortion]), colour: "ink" }],
    dot: at.rate === null ? null : [at.rate, at.distortion],
    words,
  });
}
