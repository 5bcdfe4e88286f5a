/** Four answers to one question: the settings of their race, and the server's words about the frame on screen. */

import { num } from "../kit/base/format.js";
import { mean } from "../kit/base/sums.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { figuresIn } from "../questions/drawn.js";

/** @typedef {{frame?: any}} Runner the progress of a film, as `race.runners` gives it */

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

/**
 * Shows four answers, as `drawn` asks for them; `parts` are those of its `play`. Returns the mode.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {ReturnType<import("../questions/drawn.js").drawn>} about
 * @param {Record<string, any>} parts
 */
export function answered(self, { race, play }, parts) {
  const { state, seen } = self;
  /** Sentences on the frame on screen where it answers the present question, else null. */
  const found = computed(() => race.runners(race.shown.value)[0]?.frame?.report ?? null);
  const words = computed(() => found.value?.words ?? "");
  const { mode } = play({
    ...{ captionOf, numbersOf, words, count: 4, frames: Infinity, below: [race.queue.element] },
    finding: () => found.value?.finding ?? "",
    figuresOf: ({ frame }) => frame?.report.figures ?? figuresIn(self)({}),
    tell: (moving) => seen(words.peek(), moving || race.queue.running !== null),
    ...parts,
  });
  const table = () => found.value && { name: `${state.net}-${state.mode}`, rows: found.value.table };
  return { ...mode, found, table };
}
