/** A value of the state that moves through others: the movement of a tab as it opens, and of a story. */

import { same } from "../base/store.js";

const WIDE = 10; // positive numbers that differ by as many times move by equal factors
const READY_MS = 700; // from a mode's first picture to the movement

/** @param {number} share */
const eased = (share) => share * share * (3 - 2 * share);

/** @param {number[]} all */
const isWide = (all) => Math.min(...all) > 0 && Math.max(...all) >= WIDE * Math.min(...all);

/** @param {number} from @param {number} to @param {number} share @param {boolean} wide */
const between = (from, to, share, wide) => wide ? from * (to / from) ** share : from + share * (to - from);

/**
 * The value at a share of the way: the values are interpolated, or follow one another.
 * @param {any[]} through @param {number} share from 0 to 1 @param {boolean} inSteps
 */
export function valueAt(through, share, inSteps = false) {
  const last = through.length - 1;
  if (inSteps) return through[Math.min(last, Math.floor(share * through.length))];
  const i = Math.min(last - 1, Math.floor(share * last));
  const inside = share < 1 ? eased(share * last - i) : 1;
  if (Array.isArray(through[0])) {
    return through[0].map((_, k) => between(through[i][k], through[i + 1][k], inside, false));
  }
  return between(through[i], through[i + 1], inside, isWide(through));
}

/**
 * Moves a key of the store through its values; whatever else is committed ends it, where it is. Returns what ends it.
 * @param {Store} store @param {Movement} movement @param {{inSteps?: boolean, done?: () => void}} how
 */
export function glide(store, { key, through, seconds }, { inSteps = false, done = () => {} } = {}) {
  /** @type {number | null} */
  let begun = null;
  let frame = requestAnimationFrame(step);
  const leave = store.subscribe(null, (changed, { commit }) => {
    if (commit || [...changed].some((each) => each !== key)) end();
  });
  function step(now) {
    begun ??= now;
    const share = Math.min(1, (now - begun) / (1000 * seconds));
    store.set({ [key]: valueAt(through, share, inSteps) });
    if (share < 1) frame = requestAnimationFrame(step);
    else {
      end();
      done();
    }
  }
  function end() {
    cancelAnimationFrame(frame);
    leave();
  }
  return end;
}

/** True of a field whose values have none between them. @param {Field} field */
export const isDiscrete = ({ kind }) => !["real", "reals"].includes(kind);

/**
 * Plays the movement of a tab that has just opened, until a hand or a key touches the page.
 * @param {Ctx} ctx @param {Movement} movement
 */
export function comeAlive({ root, store, fields, prefersReducedMotion }, movement) {
  if (prefersReducedMotion()) return;
  const { key } = movement;
  const before = store.get()[key];
  let end = () => {};
  const wait = setTimeout(() => {
    if (!same(store.get()[key], before) || !root.clientWidth) return leave();
    end = glide(store, movement, { inSteps: isDiscrete(fields[key]), done: goBack });
  }, READY_MS);
  const events = ["pointerdown", "keydown"];
  function goBack() {
    store.set({ [key]: before });
    leave();
  }
  function leave() {
    clearTimeout(wait);
    end();
    for (const event of events) removeEventListener(event, leave, true);
  }
  for (const event of events) addEventListener(event, leave, true);
}
