/** Work that is done a little every display frame, so that the page stays awake. */

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
    const began = performance.now();
    while (!this.done && performance.now() - began < this.sliceMs) this.step();
    if (this.done) this.running = false;
    else this.next = requestAnimationFrame(() => this.running && this.slice());
    this.onChange(this);
  }
}
