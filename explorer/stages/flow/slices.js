/** Work that is done a little every display frame, so that the page stays awake. */

const SLICE_MS = 9;

/** Repeats `step` for a number of milliseconds, or until it returns true, at its end; returns whether it ended. */
function during(ms, step) {
  const began = performance.now();
  let done = false;
  while (!done && performance.now() - began < ms) done = step();
  return done;
}

/** Runs a generator to its end; returns a function that stops it. `onChange()` is called when it yields true. */
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
