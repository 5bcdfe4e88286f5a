/** Calls to Python, one at a time in a line: only the newest answer counts. */

import { say as sayInWords } from "../base/dom.js";
import { isReached, NEEDS_SERVER, reached } from "./line.js";
import { tellWait } from "./wait.js";

const QUIET_MS = 100;
const SILENCE = "The server did not answer. What you see stays; try again in a moment.";

/**
 * `ask(name, argument)` resolves to the answer, or to null if it failed or a newer call overtook it. The status line
 * reports a failure; its button calls `again()`, by default the mode's. If there is no connection, that is called once it is
 * back, while the status still reports the failure. Calls of one name overtake each other unless
 * they have a line of their own (`own`).
 * @param {Server} server @param {Say} say @param {HTMLElement} root @returns {Ask}
 */
export function createAsk(server, say, root) {
  /** @type {Map<string, {ticket: number, busy: Promise<unknown>}>} */
  const lines = new Map();

  return async function ask(name, argument, { own = name, again = undefined } = {}) {
    const line = lines.get(own) ?? { ticket: 0, busy: Promise.resolve() };
    lines.set(own, line);
    const ticket = ++line.ticket;
    await line.busy;
    if (ticket !== line.ticket) return null;
    const asked = say.asks();
    const call = callOnce(server, name, argument);
    line.busy = call;
    const pulse = setTimeout(() => root.classList.add("waiting"), QUIET_MS);
    const tell = (/** @type {string} */ words) =>
      root.style.setProperty("--waited", words && `" ${sayInWords(words)}"`);
    const endWait = tellWait(() => leftOf(server, name, argument), tell);
    const answer = await call;
    clearTimeout(pulse);
    endWait();
    root.classList.remove("waiting");
    root.style.removeProperty("--waited");
    if (ticket !== line.ticket) return null;
    if (answer.error) say(answer.error, "error", again);
    else say.answered(asked);
    if (answer.error === NEEDS_SERVER) reached().then(say.repeat);
    return answer.error ? null : answer;
  };
}

/** @param {Server} server @param {string} name @param {unknown} argument @returns {Promise<Answer>} */
async function callOnce(server, name, argument) {
  try {
    const answer = await server[name](argument);
    if (answer) return answer;
  } catch (error) {
    console.warn(name, error);
  }
  return { error: (await isReached()) ? SILENCE : NEEDS_SERVER };
}

/** Seconds that the server expects a question still to take; null where it does not know. @returns {Promise<number | null>} */
async function leftOf(server, name, argument) {
  try {
    return (await server.wait?.({ name, argument }))?.left ?? null;
  } catch {
    return null;
  }
}
