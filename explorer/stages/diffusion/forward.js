/** Forward: an image turns into noise once, or up to the slider's time, all at once and in the browser. */

import { h } from "../kit/base/dom.js";
import { capital, num } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { filmOf } from "../kit/film/film.js";
import { Board } from "../kit/image/board.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { drawImage, imageCanvas, LARGE } from "../kit/image/pixels.js";
import { greyOf } from "../kit/panel/chosen.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { addNoise, END, GAUSSIAN, histogramOf, momentsOf, noiseOf, toGrey } from "./noising.js";
import { ALPHAS, signalToNoise, TIMES } from "./schedule.js";

const TILE = 84;
const STRIDE = 50;
const CLOSE = 0.05;
const OTHER = { linear: "cosine", cosine: "linear" };
const HIGHEST = 1; // of the histogram; higher bars are cut
const NOTHING = {
  test: "Choose a test image: the slider turns it into noise.",
  draw: "Draw something on the pad: the slider turns it into noise.",
  open: "Open a picture: the slider turns it into noise.",
};
const sharesOf = (alpha) => ({ signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) });

function forward(self) {
  const { ctx, state, declared } = self;
  const at = signal(0); // the time on screen
  const schedule = computed(() => state.schedule);
  const alphas = computed(() => ALPHAS[schedule.value]);
  const alpha = computed(() => alphas.value[at.value]);
  const shares = computed(() => sharesOf(alpha.value));
  const eps = computed(() => noiseOf(state.seed));
  const noise = computed(() => toGrey(eps.value));
  /** The chosen image in the network's scale, or null. */
  const x0 = computed(() => {
    const grey = greyOf(ctx);
    return grey && Float32Array.from(grey, (level) => level / 127.5 - 1);
  });
  const noised = (t) => addNoise(x0.value, eps.value, alphas.value[t]);
  const x = computed(() => x0.value && noised(at.value));
  const grey = computed(() => x.value && toGrey(x.value));
  const moments = computed(() => x.value && momentsOf(x.value));
  whenever(() => ctx.show("noise", noise.value));
  whenever(() => ctx.show("out", grey.value));

  const report = computed(() => x.value && reportOf(declared.says, at.value, schedule.value, moments.value));
  const words = computed(() => {
    const picture = report.value && drawnOrTest(state, ctx.net().dataset);
    if (!picture) return "";
    const names = at.value ? ["at", "pixels", "other", schedule.value === "cosine" && "trained"] : ["clean"];
    return sentences(declared, { name: nameOf(picture), ...report.value }, ...names);
  });

  const board = new Board({ label: "The noised image xₜ", size: LARGE });
  const onMove = (t, how) => self.film.go(Math.round(t), how);
  const plot = new Chart(ctx, { label: "ᾱₜ over time", height: 190, onMove });
  const histogram = new Chart(ctx, { label: "Histogram of the pixels of xₜ", height: 180 });
  const tile = (name, values, share) => {
    const canvas = imageCanvas(name, TILE);
    whenever(() => values() && drawImage(canvas, values()));
    return h("figure", { class: "captioned" }, canvas, h("figcaption", {}, () => `${num(share(), 3)} ${name}`));
  };
  const caption = (t) => sentences(declared, sharesOf(alphas.value[t]), "caption");
  const picture = h(
    "div",
    { class: "board-column" },
    shows(board, () => grey.value && { values: grey.value, words: caption(at.value) }),
    h(
      "div",
      { class: "row forward-sum" },
      tile("x₀", () => x0.value && toGrey(x0.value), () => shares.value.signal),
      h("span", {}, "+"),
      tile("ε", () => noise.value, () => shares.value.noise),
      h("span", {}, "= xₜ, above"),
    ),
  );
  const side = h(
    "div",
    { class: "beside-side" },
    h("div", { class: "result" }, shows(plot, () => plotOf(schedule.value, at.value))),
    shows(histogram, () => x.value && densityOf(x.value, moments.value)),
    shows(headline(figuresOf(declared, {}), 0), () => report.value && figuresOf(declared, report.value)),
  );
  const chooser = new Picture(ctx, { others: false });
  const isComing = () => x0.value !== null || (chooser.kind === "test" && state.img !== null);
  const film = filmOf(self, {
    ...{ at, words, key: "t" },
    what: () => ({
      length: TIMES + 1,
      key: JSON.stringify([state.net, state.set, state.img, state.source, !x0.value]),
      hidden: !x0.value,
      where: (t) => `t = ${t}`,
      caption,
    }),
    options: {
      screen: h("div", { class: "beside forward-screen" }, picture, side),
      label: "Adding noise, time by time",
      filename: "forward.gif",
      framesPerSecond: 100,
      stride: { size: STRIDE, name: `${STRIDE} times` },
      frames: 100,
    },
  });
  const empty = h("p", { class: "empty", hidden: isComing }, () => NOTHING[chooser.kind]);

  return {
    ...{ main: h("div", { class: "stand" }, empty, film.host), above: [chooser] },
    ...{ x0, eps, noised, board, plot, histogram, seedShown: computed(() => state.seed) },
    enter: () => startWithExample(ctx),
    hasResult: (what) => what === "table" || x0.value !== null,
    table: () => tableOf(schedule.value),
  };
}

/** Figures of xₜ, and of the other schedule at this time. */
function reportOf(says, t, schedule, { mean, deviation }) {
  const other = OTHER[schedule];
  const [alpha, there] = [schedule, other].map((each) => ALPHAS[each][t]);
  const ratio = signalToNoise(alpha);
  const balance = says[ratio > 1.05 ? "image" : ratio < 0.95 ? "noisy" : "even"];
  return {
    ...{ t, schedule, other, alpha, there, mean, deviation },
    ratio: t ? num(ratio, alpha < 0.1 ? 5 : 3) : "∞",
    balance,
    finding: `${capital(balance)}.`,
    less: Math.abs(alpha - there) < CLOSE ? "about as much" : alpha > there ? "less" : "more",
    hardly: Math.abs(mean) < CLOSE && Math.abs(deviation - 1) < CLOSE ? says.hardly : "",
  };
}

/** Both schedules, with the time on screen. */
function plotOf(schedule, t) {
  const lineOf = (name) => ({
    points: Array.from(ALPHAS[name], (alpha, time) => [time, alpha]),
    colour: name === schedule ? "ink" : "quiet",
    dash: name === schedule ? [] : [4, 4],
    label: name,
  });
  const alpha = ALPHAS[schedule][t];
  return {
    xs: [0, TIMES],
    ys: [0, 1],
    ticks: { x: [0, 250, 500, 750, TIMES], y: [0, 0.5, 1] },
    lines: [lineOf(OTHER[schedule]), lineOf(schedule)],
    cursor: t,
    dot: [t, alpha],
    name: "ᾱₜ by time t",
    words: `${num(alpha, 4)} at time ${t}, ${schedule} schedule`,
  };
}

/** Histogram of the pixels of xₜ beside the density of the noise. */
const densityOf = (x, { mean, deviation }) => ({
  xs: [-END, END],
  ys: [0, HIGHEST],
  ticks: { x: [-3, -2, -1, 0, 1, 2, 3], y: [0, 0.5, 1] },
  bars: histogramOf(x).map((bar) => ({ ...bar, y: Math.min(HIGHEST, bar.y) })),
  lines: [{ points: GAUSSIAN, colour: 3, width: 2, label: "N(0, 1)" }],
  name: "density of the pixels of xₜ",
  words: `mean ${num(mean)}, standard deviation ${num(deviation)}`,
});

/** Every time of a schedule. */
const tableOf = (schedule) => ({
  name: `schedule-${schedule}`,
  rows: [
    ["t", "alpha_bar", "noise_variance", "signal_to_noise"],
    ...Array.from(ALPHAS[schedule], (alpha, t) => [t, alpha, 1 - alpha, t ? signalToNoise(alpha) : null]),
  ],
});

export default mode(forward, { hint: "Drag the slider: noise covers the image" });
