/** The answer to what a mode asks at this moment. */

import { whenever } from "../base/live.js";
import { computed, signal } from "../base/vendor/signals-core.js";
import { Answered } from "./answered.js";

/**
 * Asks a server function whatever `question()` is, null for nothing. Returns the answer to it, a signal: null until it is
 * there.
 * @param {import("../panel/mode.js").Self} self
 * @param {string} name
 * @param {() => Record<string, any> | null} question what it reads is followed
 */
export function askedAnswer({ ctx, visits }, name, question) {
  const answers = signal(0);
  const asked = new Answered(ctx, name, () => (answers.value += 1));
  const key = computed(() => JSON.stringify(question()));
  whenever(() => {
    const wanted = JSON.parse(key.value);
    if (visits.value) asked.want(wanted);
  });
  return computed(() => (answers.value, asked.to(JSON.parse(key.value))));
}
