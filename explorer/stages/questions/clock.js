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
 * The clock of a race: a visitor chooses what it counts, and its place is the store's `at`, from 0 to 1. In a tab whose
 * films count frames, `at` counts ticks, and is null at the end.
 *
 * A mode whose address says its place otherwise has a clock of its own, with the same methods.
 */
export class Clock {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    /** @type {Ctx} */
    this.ctx;
    /** @type {boolean} */
    this.counts;
    Object.assign(this, { ctx, counts: ctx.fields.at.kind === "whole" });
  }

  get ticks() {
    return TICKS;
  }

  /** The place that the address says, from 0 to 1. */
  get place() {
    const { at } = this.ctx.store.get();
    return this.counts ? Math.min(1, (at ?? this.ticks) / this.ticks) : at;
  }

  /** The tick that the address says. */
  get tick() {
    return Math.round(this.ticks * this.place);
  }

  /** Value of a tick in the address. */
  stateOf(tick) {
    if (!this.counts) return { at: tick / this.ticks };
    return { at: tick === this.ticks ? null : tick };
  }

  /** The clock at a tick, between two where the address says so; the films that are there say where it ends. */
  position(tick, films) {
    const { clock } = this.ctx.store.get();
    return { clock, place: tick === this.tick ? this.place : tick / this.ticks, end: longest(films, clock) };
  }

  timeAt(tick, films) {
    return timeOf(this.position(tick, films));
  }

  /** Ticks a second: as many as take the seconds that were measured, where it counts those. */
  speedOf(films) {
    const { clock } = this.ctx.store.get();
    return clock === "seconds" && films.length ? Math.min(FASTEST, TICKS / longest(films, clock)) : PER_SECOND;
  }
}
