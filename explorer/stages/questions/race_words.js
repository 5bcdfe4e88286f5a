/** Progress of the families, in words. */

import { listed, num, percent } from "../kit/base/format.js";
import { timeOf } from "./clock.js";

const NAMED = 4; // families that are named; more are counted
const COUNTS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** Reason why a family lacks an ability, such as “complete”; null if it has it. */
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
  return parts.length ? parts.join("; ") : "Nobody has done anything yet: ▶ starts the clock";
}

/** Words of the clock before its end, while not all are finished: who is farthest, and the cost of each by then. */
export function clockWords(position, runners) {
  const started = runners.filter(({ frame }) => frame);
  const time = timeOf(position);
  if (!started.length) return `At ${time} nobody has drawn anything yet.`;
  const cost = ({ title, frame }) => `${title} ${frame.numbers.evaluations.toLocaleString("en")}`;
  const under = runners.filter(({ share }) => share < 1);
  const still = under.map(({ title, share }) => `${title} (${percent(share)})`);
  if (position.place >= 1) return "";
  return `At ${time} of the clock these are not finished: ${
    listed(still)
  }. Evaluations of the network for each image so far: ` +
    `${listed(started.map(cost))}.`;
}

/** Cost of a film at a frame, and before its end the cost to come: figures of a column. */
export function costOf({ film, frame }) {
  const [done, all] = film
    ? [frame?.numbers.evaluations ?? 0, film.planned].map((count) => count.toLocaleString("en"))
    : [];
  const evaluations = film ? (done === all ? all : `${done}/${all}`) : "–";
  return [["evaluations", evaluations], ["server time, s", film ? num(frame?.numbers.seconds ?? 0) : "–"]];
}
