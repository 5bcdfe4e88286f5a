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

/** True of a field with values between its values. @param {Field} field */
const isContinuous = ({ kind }) => ["whole", "real", "reals"].includes(kind);

/**
 * The value of a movement at a share of the way: its values are interpolated, or follow one another.
 * @param {Pick<Movement, "through" | "steps">} movement @param {number} share from 0 to 1 @param {Field} field
 */
export function valueAt({ through, steps }, share, field) {
  const last = through.length - 1;
  if (steps || !isContinuous(field)) return through[Math.min(last, Math.floor(share * through.length))];
  const i = Math.min(last - 1, Math.floor(share * last));
  const inside = share < 1 ? eased(share * last - i) : 1;
  if (field.kind === "reals") return through[i].map((from, k) => between(from, through[i + 1][k], inside, false));
  const value = between(through[i], through[i + 1], inside, isWide(through));
  return field.kind === "whole" ? Math.round(value) : value;
}

/**
 * Moves a key of the store through its values, and then does what is to be `done`; whatever else changes ends it, too.
 * Returns what ends it where it is.
 * @param {Store} store @param {Movement} movement @param {Field} field @param {() => void} done
 */
export function glide(store, movement, field, done = () => {}) {
  const { key, seconds } = movement;
  /** @type {number | null} */
  let begun = null;
  let frame = requestAnimationFrame(step);
  const leave = store.subscribe(null, (changed, { commit }) => {
    if (!commit && [...changed].every((each) => each === key)) return;
    end();
    if (!changed.has(key)) done();
  });
  function step(now) {
    begun ??= now;
    const share = Math.min(1, (now - begun) / (1000 * seconds));
    store.set({ [key]: valueAt(movement, share, field) });
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

/** True if a story leads the page; its scenes move what they need. */
const tellsStory = () => new URLSearchParams(globalThis.explorerAddress.search).has("story");

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
    if (!same(store.get()[key], before) || !root.clientWidth || tellsStory()) return leave();
    end = glide(store, movement, fields[key], goBack);
  }, READY_MS);
  const events = ["pointerdown", "keydown"];
  /** What moved is as the visitor's address has it. */
  function goBack() {
    leave();
    store.set({ [key]: before });
  }
  const picture = root.querySelector("[data-picture]");
  function leave() {
    clearTimeout(wait);
    end();
    picture.removeEventListener("pointermove", goBack);
    for (const event of events) removeEventListener(event, goBack, true);
  }
  picture.addEventListener("pointermove", goBack); // what is under the pointer stays there
  for (const event of events) addEventListener(event, goBack, true);
}
