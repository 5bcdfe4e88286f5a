/** The measured rate–distortion curve, with a dot at the present β. */

import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { sentences } from "../kit/panel/says.js";
import { formatBeta, rates as ratesAt } from "./card.js";

const HEIGHT = 150;
const ROOM = 0.08; // of the distortion's range, above and below

/** @param {import("../kit/base/follow.js").Followed} followed the stage @returns {HTMLElement} */
export function createCurve({ ctx, state }) {
  const at = computed(() => ratesAt(ctx.net(), state.beta));
  const words = computed(() => {
    const { distortion, rate } = at.value;
    const said = !ctx.net().curve?.length ? "unmeasured" : state.beta === 0 ? "off" : "curve";
    const sum = distortion + state.beta * rate;
    const found = { distortion, name: formatBeta(state.beta), sum, bound: distortion + rate };
    return sentences(ctx.value().panels.explore, found, said);
  });
  const chart = new Chart(ctx, { label: "Rate–distortion curve", height: HEIGHT });
  shows(chart, () => {
    const { curve } = ctx.net();
    return curve?.length && chartOf(curve, at.value, words.value);
  });
  whenever(() => (chart.element.hidden = !ctx.net().curve?.length));
  const note = h("p", { class: "curve-note with-numbers" }, () => words.value);
  return h("div", { class: "curve result" }, chart.element, note);
}

function chartOf(curve, at, words) {
  const all = curve.map(({ distortion }) => distortion);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = ROOM * (high - low);
  const end = 1.05 * Math.max(...curve.map(({ rate }) => rate));
  const rates = [0, 5, 10, 15, 20].filter((rate) => rate <= end);
  return {
    xs: [0, end],
    ticks: { x: rates },
    names: { x: rates.map((rate) => `${rate ? "" : "R = "}${rate}`) },
    ys: [low - room, high + room],
    name: "Distortion D by rate R, nats (test)",
    lines: [{ points: curve.map(({ rate, distortion }) => [rate, distortion]), colour: "ink" }],
    dot: at.rate === null ? null : [at.rate, at.distortion],
    words,
  };
}
