/**
 * One clock for films of different families: what share of its way each has come, what it has cost, how long it took.
 */

import { num } from "../kit/base/format.js";

/** Ticks from the start to the end of the clock. */
const TICKS = 100;
const PER_SECOND = 25;
const FASTEST = 60;
const ALMOST = 1e-9;

/** The share of a film's steps that are done at a frame. */
export const shareOf = ({ index, total }) => (index + 1) / total;

/** Progress of a film at a frame, on each clock. */
const measures = {
  share: shareOf,
  evaluations: ({ numbers }) => numbers.evaluations,
  seconds: ({ numbers }) => numbers.seconds,
};
/** Final progress, if it is known. */
const ends = {
  share: () => 1,
  evaluations: ({ planned }) => planned,
  seconds: ({ frames }) => frames.at(-1).numbers.seconds,
};

/** Value of the clock at its end: the most that any of the films takes. */
const longest = (films, clock) => Math.max(0, ...films.map(ends[clock]));

/**
 * The frame at a place, 0 to 1, of a clock that ends at `end`; null before the first, and the newest one at the end.
 */
export function frameAt(film, { clock, place, end }) {
  if (place >= 1) return film.frames.at(-1);
  return film.frames.findLast((frame) => measures[clock](frame) <= place * end + ALMOST) ?? null;
}

/** The place as the clock shows it. */
export function timeOf({ clock, place, end }) {
  if (clock === "share") return `${num(100 * place, 0)} %`;
  if (clock === "evaluations") return `${Math.floor(place * end + ALMOST).toLocaleString("en")} evaluations`;
  return `${num(place * end)} s`;
}

/**
 * @typedef {object} Clock
 * @property {number} ticks
 * @property {number} tick the one that the address says
 * @property {(tick: number) => Record<string, any>} stateOf what the address says of a tick
 * @property {(tick: number, films: Film[]) => {clock: string, place: number, end: number}} position
 * @property {(tick: number, films: Film[]) => string} timeAt
 * @property {(films: Film[]) => number} speedOf ticks a second
 * @property {(tick: number) => number} [timeOf] the time of a process that it counts
 */

/**
 * The clock of a race: a visitor chooses what it counts, and its place is the store's `at`, from 0 to 1. In a tab whose
 * films count frames, `at` counts ticks, and is null at the end. A mode whose films have another clock says its `ticks`,
 * and has `own` methods.
 * @param {Ctx} ctx @param {(state: State) => number} [ticks] @param {Partial<Clock>} [own]
 */
export function clockOf({ fields, store }, ticks = () => TICKS, own = {}) {
  const counts = fields.at.kind === "whole";
  /** The place that the address says, from 0 to 1. */
  const placeNow = () => {
    const { at } = store.get();
    return counts ? Math.min(1, (at ?? clock.ticks) / clock.ticks) : at;
  };
  /** @type {Clock} */
  const clock = {
    get ticks() {
      return ticks(store.get());
    },
    get tick() {
      return Math.round(clock.ticks * placeNow());
    },
    stateOf(tick) {
      if (!counts) return { at: tick / clock.ticks };
      return { at: tick === clock.ticks ? null : tick };
    },
    /** The clock at a tick, between two where the address says so; the films that are there say where it ends. */
    position(tick, films) {
      const { clock: kind } = store.get();
      return { clock: kind, place: tick === clock.tick ? placeNow() : tick / clock.ticks, end: longest(films, kind) };
    },
    timeAt: (tick, films) => timeOf(clock.position(tick, films)),
    /** As many as take the seconds that were measured, where it counts those. */
    speedOf(films) {
      const { clock: kind } = store.get();
      return kind === "seconds" && films.length ? Math.min(FASTEST, TICKS / longest(films, kind)) : PER_SECOND;
    },
  };
  return Object.assign(clock, own);
}
