/** Cached: one sound drawn with queues and without them, on one clock. */

import { whenever } from "../kit/base/live.js";
import { nearestOf } from "../kit/film/asked.js";
import { costFilm } from "../kit/film/cost_film.js";
import { mode } from "../kit/panel/mode.js";
import { Wave } from "./wave.js";

function cached(self) {
  const { frame, frames, go, play } = costFilm(self, {
    nameOf: ({ digit, speaker }) => `“${digit}” by ${speaker}, drawn twice`,
    label: "The sound, 1 ms a step",
    framesPerSecond: 12,
    along: "ms drawn",
  });
  const wave = new Wave(self.ctx, {
    label: "The wave",
    height: 190,
    onMove: (sample, how) => go(nearestOf(frames.peek(), ({ time, report }) => time - report.given, sample), how),
  });
  whenever(() => {
    if (!frame.value) return;
    const { x, time, report: { given } } = frame.value;
    wave.show(x.subarray(given, time + 1), {
      total: x.length - given,
      cursor: time - given,
      name: "Amplitude, drawn by the network",
      words: `${time + 1 - given} of ${x.length - given} samples`,
    });
  });
  return play(wave.element);
}

export default mode(cached, { hint: "What does a sample cost, with and without a cache?" });
