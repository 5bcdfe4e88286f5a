/** How far the families have come, in words. */

import { num } from "../shared/format.js";

const COUNTS = ["none", "one", "two", "three", "four", "five", "six", "seven"];

const percent = (share) => `${Math.floor(100 * share)} %`;

/** How far one of them is. */
export function racing(share) {
  if (share >= 1) return "finished";
  return share > 0 ? `${percent(share)} of the way` : "nothing drawn yet";
}

/** How far all are; `runners` is a list of {title, share}, of `count` families. */
export function standing(runners, count) {
  const done = runners.filter(({ share }) => share >= 1).map(({ title }) => title);
  const under = runners.filter(({ share }) => share > 0 && share < 1).map(({ title, share }) => `${title} ${percent(share)}`);
  if (done.length === count) return `All ${COUNTS[count] ?? count} are finished`;
  const parts = [done.length && `Finished: ${done.join(", ")}`, under.length && `on the way: ${under.join(", ")}`].filter(Boolean);
  return parts.length ? parts.join("; ") : "Nobody has done anything yet: ▶ starts the clock";
}

/** What a film has cost at a frame, and on the way what it will: figures of a column. */
export function costOf({ film, frame }) {
  const [done, all] = film ? [frame?.evaluations ?? 0, film.planned].map((count) => count.toLocaleString("en")) : [];
  const evaluations = film ? (done === all ? all : `${done}/${all}`) : "–";
  return [["evaluations", evaluations], ["seconds here", film ? num(frame?.seconds ?? 0) : "–"]];
}
