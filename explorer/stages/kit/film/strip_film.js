/** Four walks as a film: strips of their images, and beside these what each step has in numbers, a curve for each. */

import { h } from "../base/dom.js";
import { shows, whenever } from "../base/live.js";
import { computed } from "../base/vendor/signals-core.js";
import { Chart } from "../chart/chart.js";
import { roundEnds } from "../chart/ticks.js";
import { PIXELS } from "../image/pixels.js";
import { onDemand } from "../panel/parts.js";
import { askedFrames, nearestOf } from "./asked.js";
import { Strip } from "./strip.js";

const COUNT = 4;
const SIZE = 176;
const UNIT = /, (nats|bits)$/; // at the end of a chart's title
const HEIGHTS = { below: 176, beside: 120 }; // of charts below a strip, and of one beside it
const LOW = { size: 128, height: 104 }; // of one strip of several, and of the chart below them

/** The lowest and the highest of some values, a little apart where they are one. */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Numbers in words, as fine as their range asks for. */
function wordsOf(values, range) {
  return values ? values.map((value) => value.toFixed(range > 4 ? 0 : 2)).join(", ") : "not said";
}

/**
 * The step that a frame shows; what a walk starts from is step 0, whether its frames count from there or not.
 * @param {import("./asked.js").Frame} frame
 * @param {import("./asked.js").Frame[]} frames
 */
const stepOf = (frame, [first]) => frame.index - first.index;

/**
 * Asks for such a film. Besides what follows of its frames (`askedFrames`) returns `said`, the frame on screen where it
 * answers what is asked for now, and `play`, which makes the player and returns its element. `mode` is for the mode.
 * @param {import("../panel/mode.js").Self} self
 * @param {object} how
 * @param {() => Record<string, any> | null} how.request
 * @param {string} how.doing names the work
 * @param {string} how.label
 * @param {[string, string, string][]} how.charts key of the numbers, name and label of each
 * @param {[string | null, string | null][]} [how.strips] name and key of the pictures of each; null for the x of a frame
 * @param {string} [how.walk] what one of the four is
 * @param {string | null} [how.fold] title under which the charts are folded
 */
export function stripFilm(
  self,
  { request, doing, label, charts, strips = [[null, null]], walk = "chain", fold = null },
) {
  const film = askedFrames(self, { request, nameOf: () => doing });
  const { drawn, current, frames, shown, queue } = film;
  const said = computed(() => (frames.value, current.value?.frames[shown.value] ?? null));

  function play({ words, tell }) {
    const { size, height } = strips.length > 1
      ? LOW
      : { size: SIZE, height: charts.length > 1 ? HEIGHTS.below : HEIGHTS.beside };
    const rows = strips.map(([title, key], k) => stripOf(self, film, { title, key, label: title ?? label, size, k }));
    const drawnCharts = charts.map((each) => chartOf(self, film, each, height));
    const side = fold ? onDemand(fold, ...drawnCharts) : h("div", { class: "walk-charts" }, drawnCharts);
    const isBelow = fold || charts.length > 1 || strips.length > 1;
    const player = film.player({
      screen: h(
        "div",
        { class: isBelow ? "walks" : "walks beside-chart" },
        h("div", { class: "strip-rows" }, rows),
        side,
      ),
      dims: [...rows, ...drawnCharts],
      captionOf: ({ caption }) => caption,
      whereOf: (each) => `step ${stepOf(each, frames.peek()).toLocaleString("en")}`,
      framesPerSecond: 10,
      ...{ label, words, tell },
    });
    return player.host;
  }

  const mode = { ...film, said, leave: () => queue.leave(), hasResult: () => Boolean(drawn.peek()) };
  const table = (name) => drawn.peek() && tableOf(name, frames.peek(), charts, walk);
  return { ...film, said, play, table, mode };
}

/** A strip of images, with its name if it has one; the first image of the first strip is that of the mechanism. */
function stripOf({ ctx }, { frame, frames }, { title, key, label, size, k }) {
  const strip = new Strip(label, COUNT, size);
  whenever(() => {
    if (!frame.value) return;
    const bytes = key ? frame.value.pictures[key] : frame.value.x;
    if (bytes) strip.show(bytes, `step ${stepOf(frame.value, frames.value)}`);
    else strip.clear();
    if (!k) ctx.show("out", strip.bytes?.subarray(0, PIXELS) ?? null);
  });
  return title ? h("figure", { class: "strip-row" }, h("figcaption", {}, title), strip.element) : strip.element;
}

/** Chart of a number of each step, a line for each walk. */
function chartOf({ ctx }, { frame, frames, go }, [key, title, label], height) {
  const onMove = (step, how) => go(nearestOf(frames.peek(), (each) => stepOf(each, frames.peek()), step), how);
  const what = (now, all) => {
    const counted = all.filter(({ numbers }) => numbers[key]);
    const [step, end] = [stepOf(now, all), now.total - 1 - all[0].index];
    const [low, high] = rangeOf(counted.flatMap(({ numbers }) => numbers[key]));
    return {
      xs: [0, end],
      ys: [low, high],
      ticks: { x: [0, Math.round(end / 2), end], y: roundEnds(low, high) },
      name: title,
      along: "steps",
      lines: Array.from({ length: COUNT }, (_, k) => ({
        points: counted.map((each) => [stepOf(each, all), each.numbers[key][k]]),
        colour: k ? "quiet" : "ink",
        width: k ? 1 : 2,
      })),
      cursor: step,
      words: `at step ${step} of ${end}: ${wordsOf(now.numbers[key], high - low)}`,
    };
  };
  return shows(new Chart(ctx, { label, height, onMove }), () => frame.value && what(frame.value, frames.value));
}

/** Every frame with its numbers, as a table to keep. */
function tableOf(name, frames, charts, walk) {
  const head = charts.flatMap(([key, title]) => {
    const [unit = ""] = title.match(UNIT) ?? [];
    return Array.from({ length: COUNT }, (_, k) => `${key} of ${walk} ${k + 1}${unit}`);
  });
  const rows = frames.map((frame) => [
    stepOf(frame, frames),
    ...charts.flatMap(([key]) => frame.numbers[key] ?? Array(COUNT).fill("")),
  ]);
  return { name, rows: [["step", ...head], ...rows] };
}
