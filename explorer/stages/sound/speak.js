/** Speak: a wave appears, each sample drawn from a distribution over 256 levels that is shown beside it. */

import { h } from "../kit/base/dom.js";
import { capital } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { Chart } from "../kit/chart/chart.js";
import { nearestOf } from "../kit/film/asked.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { mode } from "../kit/panel/mode.js";
import { createListen } from "./audio.js";
import { Wave } from "./wave.js";

const LEVELS = 256;
const LONG = 4000; // samples
const WAITS = "The network draws the first samples…";

const levelsOf = (/** @type {any} */ { x, time }) => x.subarray(0, time + 1);

function speak(self) {
  const { ctx, state } = self;
  const film = askedFilm(self, { nameOf: ({ digit, speaker }) => `“${digit}” by ${capital(speaker)}` });
  const { frame, frames, go } = film;
  const levels = computed(() => frame.value && levelsOf(frame.value));
  const wave = new Wave(ctx, {
    label: "The wave",
    height: 290,
    onMove: (sample, how) => go(nearestOf(frames.peek(), ({ time }) => time, sample), how),
  });
  whenever(() => {
    if (!frame.value) return wave.show([], { total: LONG, name: WAITS, words: WAITS });
    const { x, time, report: { given } } = frame.value;
    wave.show(levels.value, {
      total: x.length,
      given,
      cursor: time,
      name: given ? "Amplitude; grey: the real sound, then the network's" : "Amplitude, drawn by the network",
      words: `${time + 1} of ${x.length} samples`,
    });
  });
  const chances = new Chart(ctx, { label: "Probability of each level", height: 210 });
  const listen = createListen({
    rate: wave.rate,
    levelsOf: () => levels.value,
    nameOf: () => `${state.net}-${state.digit}-${state.seed}`,
  });
  const main = film.play({
    screen: h(
      "div",
      { class: "sound-screen" },
      wave.element,
      shows(chances, () => frame.value && chancesOf(frame.value)),
    ),
    label: "The sound, 5 ms a step",
    framesPerSecond: 20,
  });
  if (listen.loud) self.film.parts.speed.after(listen.loud); // in sight as long as the wave is

  return {
    ...{ main, above: [listen], under: [film.numbers] },
    ...film.mode,
    table() {
      const last = frames.peek().at(-1);
      return last &&
        { name: "sound", rows: [["sample", "level"], ...Array.from(levelsOf(last), (level, i) => [i, level])] };
    },
  };
}

/** The distribution that the last sample of a frame was drawn from. */
function chancesOf(/** @type {any} */ { x, time, numbers: { p: [p] } }) {
  const most = Math.max(...p);
  return {
    xs: [0, LEVELS],
    ys: [0, most],
    ticks: { x: [0, 128, 255], y: [0, most] },
    bars: p.map((y, level) => ({ x0: level, x1: level + 1, y, colour: "ink" })),
    cursor: x[time] + 0.5,
    name: "Predicted probability of each of 256 levels",
    words: `the most likely level is ${p.indexOf(most)}, level ${x[time]} was drawn`,
  };
}

export default mode(speak, { hint: "Press Listen, or drag along the wave: what did the network expect there?" });
