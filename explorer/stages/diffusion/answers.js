/** Four answers to one question: what their race is told, and what is said of the frame on screen. */

import { num } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";
import { Steps } from "./times.js";

export const COUNT = 4;

/** What the network said on the way to a frame, on average over the images; nothing at the start. */
function numbersOf([{ frame } = {}]) {
  const { noise_norm, moved } = frame?.numbers ?? {};
  const rows = [
    ["predicted noise, rms", noise_norm],
    ["the guess moved, rms", moved],
  ];
  return rows.filter(([, values]) => values?.length).map(([name, values]) => [name, num(mean(values), 3)]);
}

function captionOf(tick, [{ frame } = {}]) {
  if (tick === 0) return `The start, at t = ${frame?.time}`;
  return frame?.time === 0 ? "Finished" : `t = ${frame?.time}`;
}

/** What a race of four answers is told; there are `stepsOf(state)` to each. */
export const answersOf = (ctx, stepsOf) => ({
  label: "Four answers",
  count: COUNT,
  clock: new Steps(ctx, stepsOf),
  frames: Infinity,
  captionOf,
  numbersOf,
});

/** The frame on screen where it answers what is asked for now, else null. */
export function frameOf({ race }) {
  const [runner] = race.runners(race.shown ?? race.clock.ticks);
  return runner?.frame ?? null;
}
