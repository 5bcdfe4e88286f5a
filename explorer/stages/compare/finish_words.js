/** What is seen of one picture filled in by all families. */

import { num } from "../kit/format.js";
import { SIDE } from "../kit/pixels.js";

/** The smallest and the largest of a figure, each with whose it is. */
function ends(found, key) {
  const sorted = found.filter((each) => Number.isFinite(each[key])).sort((a, b) => a[key] - b[key]);
  return sorted.length > 1
    ? [sorted[0], sorted.at(-1)].map((each) => `${num(each[key])} (${each.family.title})`)
    : null;
}

/** `found` is a list of {family, away, among, same}; `name` is what the picture is called. */
export function finishWords({ found, keep, name }) {
  const [away, among] = [ends(found, "away"), ends(found, "among")];
  if (!away) return "";
  const kept = `The upper ${keep === 1 ? "row" : `${keep} rows`} of ${SIDE} ${keep === 1 ? "is" : "are"} ` +
    `kept${found.every(({ same }) => same) ? ", and no family changes a pixel of them" : ""}.`;
  const rest = ` The answers lie from ${away[0]} to ${away[1]} from the rest of ${name} (L2).`;
  const other = among ? ` The answers of one family differ by ${among[0]} to ${among[1]}.` : "";
  const mixed = new Set(found.map(({ family }) => family.pixels)).size > 1;
  return kept + rest + other +
    (mixed
      ? " Families of two levels are measured against the picture in black and white, which is farther from grey."
      : "");
}
