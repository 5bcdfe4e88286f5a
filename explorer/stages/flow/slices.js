/** Work that is done a little every display frame, so that the page stays awake. */

import { atEnd, whenever } from "../kit/base/live.js";
import { signal } from "../kit/base/vendor/signals-core.js";

const SLICE_MS = 9;

/**
 * Does the steps of `work()`, and others from the beginning where what it reads has changed; null is no work. Returns a
 * signal of what a step has yielded last; null before there is something to see, which a step may yield too.
 * @template Seen
 * @param {() => Generator<Seen | null> | null} work
 */
export function inSlices(work) {
  const seen = signal(/** @type {Seen | null} */ (null));
  whenever(() => {
    const steps = work();
    seen.value = null;
    if (!steps) return;
    let frame = requestAnimationFrame(slice);
    atEnd(() => cancelAnimationFrame(frame));
    function slice() {
      const began = performance.now();
      let [step, news] = [steps.next(), null];
      for (; !step.done; step = steps.next()) {
        news = step.value ?? news;
        if (performance.now() - began >= SLICE_MS) break;
      }
      if (!step.done) frame = requestAnimationFrame(slice);
      if (news) seen.value = news;
    }
  });
  return seen;
}
