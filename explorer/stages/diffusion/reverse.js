/** Reverse: an image comes out of noise step by step, and beside it what the network guesses at each step. */

import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { Chart, under } from "../kit/chart/chart.js";
import { nearestOf } from "../kit/film/asked.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { createNearest } from "../kit/image/nearest.js";
import { imageOf } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { Pair } from "./pair.js";
import { TIMES } from "./schedule.js";

const AXES = {
  xs: [TIMES, 0],
  ticks: { x: [TIMES, 500, 0], y: [0] },
  name: "change of the prediction x̂₀ at each step (rms), by time t",
};
const NO_GUESS = "x̂₀: no prediction yet";
const counted = (steps) => `${steps.toLocaleString("en")} ${steps === 1 ? "step" : "steps"}`;

function reverse(self) {
  const { ctx, state } = self;
  const enlarged = signal(false);
  const film = askedFilm(self, {
    nameOf: ({ count, steps }) => `${count === 1 ? "One image" : "Sixteen images"}, ${counted(steps)}`,
    reportOf: ({ report }) => ({ ...report, ...report.images[image.value] }),
  });
  const { drawn, frames, done, shown, frame } = film;
  const count = computed(() => drawn.value?.count ?? state.grid);
  const image = computed(() => (count.value === 1 ? 0 : state.tap)); // the watched one
  whenever(() => {
    if (state.grid) enlarged.value = false;
  });

  /** The watched image goes to the picture of the mechanism, with its noise and the network's guess. */
  whenever(() => {
    const of = (bytes) => (bytes ? imageOf(bytes, image.value) : null);
    /** @type {Partial<import("../kit/film/asked.js").Frame>} */
    const { x, pictures, time } = frame.value ?? {};
    ctx.show("out", of(x));
    ctx.show("guess", of(pictures?.x0));
    ctx.show("noise", of(frames.value[0]?.x));
    ctx.show("x", time === 0 ? of(x) : null);
  });

  const nearest = createNearest(ctx);
  whenever(() => {
    const { id, total } = drawn.value ?? {};
    if (!frame.value || !done.value || shown.value !== total - 1) return nearest.meet(null);
    const grey = Float32Array.from(imageOf(frame.value.x, image.value), (level) => level / 255);
    nearest.meet(`${id} ${image.value}`, grey, ctx.net().dataset);
  });

  const words = computed(() => {
    if (!frame.value) return { x: "The noise x₁₀₀₀ is on its way…", x0: NO_GUESS };
    const { time, pictures, numbers } = frame.value;
    const which = count.value > 1 && enlarged.value ? ` of image ${image.value + 1}` : "";
    const tap = count.value > 1 && !enlarged.value ? " · tap to enlarge" : "";
    return {
      x: `xₜ${which}, t = ${time}${tap}`,
      x0: pictures.x0 ? `prediction x̂₀${which} at t = ${numbers.t}` : NO_GUESS,
    };
  });
  const changes = computed(() => {
    const moved = frames.value.filter(({ numbers }) => numbers.moved);
    return moved.map(({ time, numbers }) => [time, numbers.moved[image.value]]);
  });
  const curve = () => {
    if (!frame.value) return { ...AXES, ys: [0, 1], words: "nothing yet" };
    const [points, { time }] = [changes.value, frame.value];
    const top = Math.max(0.01, ...points.map(([, y]) => y));
    return {
      ...AXES,
      ys: [0, top],
      ticks: { ...AXES.ticks, y: [0, Math.floor(100 * top) / 100] },
      areas: points.length ? [{ points: under(points), colour: "quiet", alpha: 0.2 }] : [],
      lines: [{ points, colour: "ink" }],
      dot: points.find(([at]) => at === time) ?? null,
      cursor: time,
      words: `at time ${time}: ${film.words.value}`,
    };
  };

  function enlarge(on) {
    enlarged.value = on;
    const { board, wall } = pair.sides.x;
    if (on) pair.back.focus();
    else (wall.element.hidden ? board : wall).canvas.focus();
  }
  const pair = new Pair({ onChoose: (tap) => ctx.store.commit({ tap }), onEnlarge: enlarge });
  whenever(() => {
    const how = { count: count.value, chosen: image.value, enlarged: enlarged.value, words: words.value };
    pair.show(frame.value, how);
  });
  const chart = new Chart(ctx, {
    label: "Change of the prediction at each step, over time",
    height: 118,
    onMove: (t, how) => film.go(nearestOf(frames.peek(), ({ time }) => time, t), how),
  });
  const side = h("div", { class: "beside-side reverse-side" }, shows(chart, curve), film.numbers);
  const main = film.play({
    screen: h("div", { class: "beside reverse-screen" }, pair.element, side),
    dims: [pair.element],
    place: () => ({ stateOf: (at) => ({ at }) }),
    label: "Out of noise, step by step",
    framesPerSecond: 12,
  });

  return {
    ...{ main, under: [nearest], pair, chart, ...film.mode },
    key(event) {
      if (event.key !== "Escape" || !enlarged.value) return;
      enlarge(false);
      event.preventDefault();
    },
  };
}

export default mode(reverse);
