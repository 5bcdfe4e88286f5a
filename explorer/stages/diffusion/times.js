/**
 * The time t of the reverse process as the clock of a race: all films are shown at one t, however many steps they take.
 */

import { clockOf } from "../questions/clock.js";
import { TIMES } from "./schedule.js";

const PER_SECOND = 12;
const MOST = 100; // steps of a film that is drawn several times over

/** @typedef {import("../questions/clock.js").Clock & {timeOf(tick: number): number}} Times */

/**
 * A clock of times; with `ticks` of the state, it has other ticks than a hundred.
 * @param {Ctx} ctx @param {(state: State) => number} [ticks] @param {Partial<Times>} [own] @returns {Times}
 */
export function timesOf(ctx, ticks, own) {
  const clock = clockOf(ctx, ticks, {
    position: (tick) => ({ clock: "share", place: tick / clock.ticks, end: 1 }),
    /** The time t after `tick` ticks: from T down to 0. */
    timeOf: (tick) => Math.round((TIMES * (clock.ticks - tick)) / clock.ticks),
    timeAt: (tick) => `t = ${clock.timeOf(tick)}`,
    speedOf: () => PER_SECOND,
    ...own,
  });
  return /** @type {Times} */ (clock);
}

/**
 * A clock with a tick for each of the steps, which all films have in common; it counts those that are there.
 * @param {Ctx} ctx @param {(state: State) => number} [ticks]
 */
export function stepsOf(ctx, ticks = ({ steps }) => Math.min(MOST, steps)) {
  const clock = timesOf(ctx, ticks, {
    timeAt(tick, films) {
      const there = Math.max(0, ...films.map(({ frames }) => frames.length - 1));
      return `${Math.min(tick, there)}/${clock.ticks}`;
    },
  });
  return clock;
}
