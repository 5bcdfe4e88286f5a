/** Four answers to one question: the settings of their race, and the server's words about the frame on screen. */

import { num } from "../kit/base/format.js";
import { mean } from "../kit/base/sums.js";

/** @typedef {{frame?: any}} Runner the progress of a film, as `Race.runners` gives it */

/** Figures of the network's predictions at a frame, on average over the images; none at the start. @param {Runner[]} runners */
function numbersOf([{ frame } = {}]) {
  const { noise_norm, moved } = frame?.numbers ?? {};
  const rows = [
    ["predicted noise, rms", noise_norm],
    ["the guess moved, rms", moved],
  ];
  return rows.filter(([, values]) => values?.length).map(([name, values]) => [name, num(mean(values), 3)]);
}

/** @param {number} tick @param {Runner[]} runners */
function captionOf(tick, [{ frame } = {}]) {
  if (tick === 0) return `The start, at t = ${frame?.time}`;
  return frame?.time === 0 ? "Finished" : `t = ${frame?.time}`;
}

/** Counts of a race of four predictions. */
export const answersOf = (clock) => ({
  count: 4,
  clock,
  frames: Infinity,
  captionOf,
  numbersOf,
});

/** Sentences on the frame on screen where it answers the present question, else null. */
function reportOf({ race }) {
  const [runner] = race.runners(race.shown ?? race.clock.ticks);
  return runner?.frame?.report ?? null;
}

export function tell(mode, moving) {
  mode.found = reportOf(mode);
  mode.seen(mode.found?.words ?? "", moving || mode.race.queue.running !== null);
}

/** @param {{found?: Answer | null, ctx: Ctx}} mode */
export function tableOf({ found, ctx }) {
  const { net, mode } = ctx.store.get();
  return found && { name: `${net}-${mode}`, rows: found.table };
}
