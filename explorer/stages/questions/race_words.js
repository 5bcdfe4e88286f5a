/** Progress of the families, in words. */

import { listed, percent } from "../kit/base/format.js";
import { NOTHING } from "../kit/panel/more.js";
import { sentences } from "../kit/panel/says.js";
import { timeOf } from "./clock.js";

const NAMED = 4; // families that are named; more are counted
const COUNTS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/**
 * Reason why a family lacks an ability, such as “complete”; null if it has it.
 * @param {string} ability @returns {(family: Column) => string | null}
 */
export const whyNot = (ability) => ({ error, can, cannot }) =>
  error ?? (can[ability] ? null : `Cannot, because ${cannot[ability]}.`);

/** Progress of one of them. */
export function racing(share) {
  if (share >= 1) return "finished";
  return share > 0 ? `${percent(share)} of the way` : "nothing drawn yet";
}

/** Words in the place of an x that is not there yet, by its place in the line: the first two are named. */
export const waiting = (place) => ["begins…", "next"][place] ?? "";

/** Progress of all; `runners` is a list of {title, share}, of `count` families; at the end the queue says who draws. */
export function standing(runners, count, atEnd = false) {
  const done = runners.filter(({ share }) => share >= 1).map(({ title }) => title);
  const under = runners.filter(({ share }) => share > 0 && share < 1).map(({ title, share }) =>
    `${title} ${percent(share)}`
  );
  if (count === 1 && done.length) return "Finished";
  if (count === 1 && under.length && atEnd) return "";
  if (done.length === count) return `${count === 2 ? "Both" : `All ${COUNTS[count] ?? count}`} are finished`;
  const finished = done.length > NAMED ? `${done.length} of ${count} are finished` : `Finished: ${done.join(", ")}`;
  const moving = under.length > NAMED ? `${under.length} are on the way` : `on the way: ${under.join(", ")}`;
  const parts = [done.length && finished, under.length && !(atEnd && done.length) && moving].filter(Boolean);
  return parts.length ? parts.join("; ") : "Nothing is computed yet: ▶ starts the clock";
}

/** Words of the clock before its end, while not all are finished: progress and cost of each by then. */
export function clockWords(declared, position, runners) {
  const started = runners.filter(({ frame }) => frame);
  const time = timeOf(position);
  if (!started.length) return sentences(declared, { time }, "nobody");
  if (position.place >= 1) return "";
  const under = runners.filter(({ share }) => share < 1);
  const still = listed(under.map(({ title, share }) => `${title} (${percent(share)})`));
  const costs = listed(started.map(({ title, frame }) => `${title} ${frame.numbers.evaluations.toLocaleString("en")}`));
  return sentences(declared, { time, still, costs }, "under way");
}

/** Cost of a film at a frame, and before its end the cost to come: values of a column's figures. */
export function costOf({ film, frame }) {
  if (!film) return {};
  const { evaluations = 0, seconds = 0 } = frame?.numbers ?? {};
  const unknown = seconds === null; // of a recorded film
  const [done, all] = [evaluations, film.planned].map((count) => count.toLocaleString("en"));
  return { evaluations: done === all ? all : `${done}/${all}`, seconds: unknown ? NOTHING : seconds };
}

/**
 * The cost of a family's completions, in milliseconds of its card, for their order: a family that draws in one pass
 * fills in by a search, which takes longest.
 */
export function completingCost({ card, completing }) {
  const cost = card?.compare?.sampling;
  if (!cost) return 0;
  return cost.evaluations > 1 ? cost.milliseconds * completing : Number.MAX_VALUE;
}

/** The entries with the smallest and the largest finite value of a key. */
export function ends(entries, key) {
  const sorted = entries.filter((each) => Number.isFinite(each[key])).sort((a, b) => a[key] - b[key]);
  return [sorted[0], sorted.at(-1)];
}
