/** Work that is done a little every display frame, so that the page stays awake. */

const SLICE_MS = 9;

/** Repeats `step` for so many milliseconds, or until it says true, that all is done; returns whether it did. */
function during(ms, step) {
  const began = performance.now();
  let done = false;
  while (!done && performance.now() - began < ms) done = step();
  return done;
}

/** Runs a generator to its end; returns what stops it. `onChange()` is told of whatever it yields true for. */
export function inSlices(work, onChange) {
  let next = requestAnimationFrame(slice);
  function slice() {
    let news = false;
    const over = during(SLICE_MS, () => {
      const { value, done } = work.next();
      news ||= Boolean(value);
      return done;
    });
    if (!over) next = requestAnimationFrame(slice);
    if (news) onChange();
  }
  return () => cancelAnimationFrame(next);
}
