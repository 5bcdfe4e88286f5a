/** Work that would take longer than a display frame, done a little in each, so that the page stays awake. */

const SLICE_MS = 9;

/** Runs a generator to its end; returns what stops it. `onChange()` is told of whatever it yields true for. */
export function inSlices(work, onChange) {
  let next = requestAnimationFrame(slice);
  function slice() {
    const began = performance.now();
    let news = false;
    let step = { done: false };
    while (!step.done && performance.now() - began < SLICE_MS) {
      step = work.next();
      news ||= Boolean(step.value);
    }
    if (!step.done) next = requestAnimationFrame(slice);
    if (news) onChange();
  }
  return () => cancelAnimationFrame(next);
}
