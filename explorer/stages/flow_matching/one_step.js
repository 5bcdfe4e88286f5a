/** One step: four maps from noise to data as arrows, and their distance from data in 1, 2 and 4 evaluations. */

import { h, setName } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { signal, untracked } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { dataOf } from "../kit/plane/points.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { paintDots, paintPaths } from "./paint.js";

const OBJECTIVES = { distill: "distillation", consistency: "consistency", meanflow: "MeanFlow", reflow: "reflow" };
const ENDS = [-3, 0.5]; // decimal logarithms of D² at the ends of the chart
const TICKS = [-3, -2, -1, 0];
const colourOf = ({ colour }, colours) => colours.classes[colour] ?? colours[colour];
const KEYS = [
  ["·", "noise", ({ quiet }) => quiet],
  ["●", "its end", ({ ink }) => ink],
  ["●", "test data", ({ line }) => line],
];

/** Noise, where it ends, and a line from one to the other. */
function paintMap(context, size, { noise, ends, data, colours, colour }) {
  const place = toScreen(size, HALF);
  paintGround(context, size, colours);
  paintDots(context, data, place, { colour: colours.line, radius: 2 });
  paintPaths(context, [noise, ends], 2, place, { colour, width: 1, opacity: 0.55 });
  context.globalAlpha = 0.6;
  paintDots(context, noise, place, { colour: colours.quiet, radius: 1.2 });
  context.globalAlpha = 1;
  paintDots(context, ends, place, { colour: colours.ink, radius: 2 });
}

function oneStep(self) {
  const { ctx, state, declared } = self;
  const film = askedFilm(self, { nameOf: () => "Training" });
  const { frame, report } = film;
  const styles = declared.shows.curves[0].lines;
  const resized = signal(0);

  const maps = Object.entries(OBJECTIVES).map(([name, title], k) => {
    const canvas = h("canvas", { role: "img" });
    const place = () => report.value.evaluations.indexOf(state.taken);
    const words = h("span", { class: "result" }, () => report.value ? report.value.found[name].words[place()] : "");
    const mark = h("span", { "aria-hidden": "true" }, "■ ");
    whenever(() => {
      void resized.value;
      if (!frame.value) return;
      const { x, pictures } = frame.value;
      const [ends, data, colours] = [pictures[`${name}-${state.taken}`], dataOf(ctx), ctx.colours()];
      const colour = colourOf(styles[k], colours);
      const about = `${title}: ${report.value.found[name].words[place()]}`;
      untracked(() => {
        setName(canvas, "Noise and its ends", about);
        mark.style.color = colour;
        const side = canvas.clientWidth;
        if (side) paintMap(contextOf(canvas, side), side, { noise: x, ends, data, colours, colour });
        if (!k) ctx.show("out", canvas);
      });
    });
    return h("figure", {}, canvas, h("figcaption", {}, mark, `${title} `, words));
  });

  const chart = new Chart(ctx, { label: "D² by number of evaluations", height: 230 });
  whenever(() => {
    if (!report.value) return;
    const { found, evaluations, floor, words } = report.value;
    const places = evaluations.map(Math.log2);
    const xs = [places[0] - 0.15, places.at(-1) + 0.15];
    const all = Object.values(found);
    const points = (values) => places.map((place, i) => [place, Math.max(ENDS[0], Math.min(ENDS[1], values[i]))]);
    chart.show({
      ...{ xs, ys: ENDS, words, name: "D² to fresh data, by evaluations" },
      ticks: { x: places, y: TICKS },
      names: { x: evaluations.map(String), y: TICKS.map((each) => String(10 ** each)) },
      areas: all.map(({ low, high }, k) => ({
        points: [...points(high), ...points(low).toReversed()],
        colour: styles[k].colour,
        alpha: 0.18,
      })),
      lines: [
        ...all.map(({ value }, k) => ({ points: points(value), ...styles[k], label: undefined, width: 2 })),
        { points: xs.map((x) => [x, floor[1]]), colour: "ink", width: 1, dash: [1, 3], label: "fresh data", at: 0 },
      ],
    });
  });

  const legend = createLegend(ctx);
  whenever(() =>
    legend.show([...KEYS, ...styles.map((each) => [each.dash ? "╌" : "━", each.label, (all) => colourOf(each, all)])])
  );
  const screen = h(
    "div",
    { class: "one-step" },
    h("div", { class: "maps" }, maps),
    h("div", { class: "one-step-side" }, chart.element, film.curves.element, legend.element),
  );
  onSize(screen, () => (resized.value += 1));
  const main = film.play({ screen, key: "at", tellsEach: true, label: "Training", framesPerSecond: 3 });
  return { main, placed: "at", above: [film.numbers], ...film.mode };
}

export default mode(oneStep);
