/** Answers to what a mode asks. */

import { whenever } from "../base/live.js";
import { computed, signal, untracked } from "../base/vendor/signals-core.js";
import { Answered } from "./answered.js";

const NOTHING = "null";

/**
 * Asks a server function whatever `question()` is, null for nothing. Returns signals: the answer to it, `current`, null
 * until it is there; the newest one, `value`, which stays until then, what was `asked` for that, and whether it
 * `isCurrent`; and whether the question `isPending`, or has `failed`. `again()` asks once more; it resolves when
 * nothing is pending. `retry()` is a visitor's wish to ask what has failed. `to(question)` is the answer to any of them.
 * @param {import("../panel/mode.js").Self} self
 * @param {import("./answered.js").Named} name
 * @param {() => Record<string, any> | null} question what it reads is followed
 * @param {{ahead?: () => Record<string, any>[], read?: (answer: any, question: any) => any, most?: number, own?: string}} [how]
 * what is asked next, and as for `Answered`
 */
export function askedAnswers({ ctx, visits, asking }, name, question, { ahead = () => [], ...how } = {}) {
  const news = signal(0);
  const tell = () => (news.value = news.peek() + 1);
  const all = new Answered(ctx, name, tell, how);
  const key = computed(() => JSON.stringify(question()));
  const ask = (/** @type {any} */ first, ...others) => {
    const working = untracked(() => all.want(first, ...others));
    tell();
    return working;
  };
  asking.push(() => {
    const argument = JSON.parse(key.peek());
    return argument ? [{ name: typeof name === "function" ? name(argument) : name, argument }] : [];
  });
  let visited = 0;
  whenever(() => {
    const [wanted, ...next] = [JSON.parse(key.value), ...ahead()];
    if (visits.value !== visited) all.forgive(); // what failed is asked again at another visit, or where a visitor wants it
    visited = visits.value;
    if (visited) ask(wanted, ...next);
  });
  const of = (what) => computed(() => (news.value, what(key.value)));
  return {
    to: (/** @type {unknown} */ question) => (news.value, all.to(question)),
    current: of((key) => all.to(JSON.parse(key))),
    value: of((key) => key === NOTHING ? null : all.value),
    asked: of((key) => key === NOTHING ? null : all.asked),
    isCurrent: of((key) => all.value !== null && all.of === key),
    isPending: of((key) => all.to(JSON.parse(key)) === null && key !== NOTHING && !all.lost.has(key)),
    failed: of((key) => all.lost.has(key)),
    again: () => ask(JSON.parse(key.peek())),
    retry: () => all.retry(),
  };
}

/** The answer to what is asked now, a signal; its parameters are those of `askedAnswers`. */
export const askedAnswer = (/** @type {Parameters<typeof askedAnswers>} */ ...asks) => askedAnswers(...asks).current;
