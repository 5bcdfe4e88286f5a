/** A question for a number, as a lecturer types it: both ends of its scale, and the right answer if there is one. */

import { readingsOf } from "../kit/base/typed.js";

const BARS = 12; // of the histogram

/** The one number that a text means, or null. @param {string} text @param {string} unit */
function only(text, unit) {
  const readings = readingsOf(text, unit);
  return readings.length === 1 ? readings[0] : null;
}

/**
 * The question as the server takes it, or null if the scale has no two ends in order. A vote is right within half a bar
 * of the histogram.
 * @param {string} from @param {string} to @param {string} answer @param {string} unit
 * @returns {Omit<ClassAsked, "name"> | null}
 */
export function numberOf(from, to, answer, unit) {
  const [low, high, right] = [from, to, answer].map((each) => only(each, unit));
  if (low === null || high === null || low >= high || (answer.trim() && right === null)) return null;
  return { choices: [], low, high, right, unit: unit.trim(), within: (high - low) / BARS / 2 };
}
