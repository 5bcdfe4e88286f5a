/** A button that waits for an answer. */

import { atEnd, whenever } from "../base/live.js";
import { whileBusy } from "./parts.js";

/**
 * Disables a button as long as an answer is pending, and says on it what is happening.
 * @param {HTMLButtonElement} element @param {{value: boolean}} isPending @param {string} words
 */
export const busyWhile = (element, isPending, words) =>
  whenever(() =>
    void (isPending.value && whileBusy(element, () => new Promise((done) => atEnd(() => done(null))), words))
  );
