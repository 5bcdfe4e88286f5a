/**
 * One clock for films of different families: what share of its way each has come, what it has cost, how long it took.
 */

import { num } from "../kit/format.js";

/** Ticks from the start to the end of the clock. */
export const TICKS = 100;
export const CLOCKS = [["share", "Share done"], ["evaluations", "Evaluations"], ["seconds", "Seconds here"]];
const ALMOST = 1e-9;

/** The share of a film's steps that are done at a frame. */
export const shareOf = ({ index, total }) => (index + 1) / total;

/** How far a film has come at a frame, on each clock. */
const measures = {
  share: shareOf,
  evaluations: ({ numbers }) => numbers.evaluations,
  seconds: ({ numbers }) => numbers.seconds,
};
/** How far it will come in the end, as far as that is known. */
const ends = {
  share: () => 1,
  evaluations: ({ planned }) => planned,
  seconds: ({ frames }) => frames.at(-1).numbers.seconds,
};

/** What the clock shows at its end: the most that any of the films takes. */
export const longest = (films, clock) => Math.max(0, ...films.map(ends[clock]));

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
