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

/** A subclass says `step()`, which does the next of it, whether it is `done`, and `onChange(this)`, told of every slice. */
export class Slices {
  running = false;

  /** `slice` is how long it may take of a display frame, in milliseconds; the rest is for what is painted. */
  constructor(slice) {
    this.sliceMs = slice;
  }

  /** Goes on from where it is until the end, or until it is stopped. */
  run() {
    if (this.running || this.done) return;
    this.running = true;
    this.slice();
  }

  stop() {
    this.running = false;
    cancelAnimationFrame(this.next);
    this.onChange(this);
  }

  slice() {
    during(this.sliceMs, () => {
      this.step();
      return this.done;
    });
    if (this.done) this.running = false;
    else this.next = requestAnimationFrame(() => this.running && this.slice());
    this.onChange(this);
  }
}
