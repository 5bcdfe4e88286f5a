/** Work and elements that follow signals: made once, they stay true until the mode that they belong to ends. */

import { effect, signal, untracked } from "./vendor/signals-core.js";

/** @typedef {() => void} Work */

/** @type {Work[] | null} */
let ends = null; // of what is being made: a mode, or one run of `whenever`

/**
 * Makes something that follows signals; returns it, and what ends all of that.
 * @template Made
 * @param {() => Made} make
 * @returns {[Made, Work]}
 */
export function owned(make) {
  /** @type {Work[]} */
  const own = [];
  try {
    return [within(own, make), () => endAll(own)];
  } catch (error) {
    endAll(own);
    throw error;
  }
}

/**
 * @template Made
 * @param {Work[]} own
 * @param {() => Made} make
 */
function within(own, make) {
  const outer = ends;
  ends = own;
  try {
    return make();
  } finally {
    ends = outer;
  }
}

/** @param {Work[]} own */
const endAll = (own) => untracked(() => own.splice(0).reverse().forEach((work) => work()));

/**
 * Does `work` at the end of what is being made; never, if nothing ends that.
 * @param {Work} work
 */
export const atEnd = (work) => void ends?.push(work);

/**
 * Does `work` now, and again whenever a signal that it read has changed.
 * @param {Work} work
 */
export function whenever(work) {
  if (!ends) throw new Error("Nothing ends what would follow here: make it while a mode is made.");
  /** @type {Work[]} */
  const own = [];
  const stop = effect(() => {
    endAll(own);
    within(own, work);
  });
  atEnd(() => {
    stop();
    endAll(own);
  });
}

/**
 * Does `work` now, and again after signals that it read have changed: once for all changes of a moment.
 * @param {Work} work
 */
export function paints(work) {
  const turn = signal(0);
  let isTurn = true;
  whenever(() => {
    void turn.value;
    if (isTurn) {
      isTurn = false;
      return work();
    }
    queueMicrotask(() => {
      isTurn = true;
      turn.value += 1;
    });
  });
}

/**
 * Has a part show what `what()` says, as often as that changes; while it says nothing, the part stays as it is.
 * @template What
 * @param {{element?: HTMLElement, show?: (now: What) => void, set?: (now: What) => void}} part
 * @param {() => What | null | undefined | false | 0 | ""} what
 * @returns {any} the element of the part, or the part that is one
 */
export function shows(part, what) {
  whenever(() => {
    const now = what();
    if (now) untracked(() => part.show ? part.show(now) : part.set?.(now));
  });
  return part.element ?? part;
}

/**
 * Keeps a part up to date that reads in `update()` what it shows.
 * @param {{element?: HTMLElement, update: Work}} part
 * @returns {any} the element of the part, or the part that is one
 */
export function updates(part) {
  whenever(() => part.update());
  return part.element ?? part;
}

/**
 * The latest value of a signal that was anything; null before the first.
 * @template Value
 * @param {{value: Value | null}} now
 */
export function latestOf(now) {
  const latest = signal(/** @type {Value | null} */ (null));
  whenever(() => {
    if (now.value !== null) latest.value = now.value;
  });
  return latest;
}
