/**
 * A drag on an element by a mouse, a pen or one finger. A second finger cancels it, so that two may enlarge the page.
 * The style of the element says which directions are the page's: `touch-action` with `pinch-zoom`.
 */

import { fingerAt } from "./finger.js";

const REST_MS = 180; // after which a finger that has not moved means the element
const SURE = { meant: true, move: () => true };

/** @type {Drag | null} */
let current = null; // the drag of the whole page: there is one first finger
let listens = false;

/** Ends the drag of the page wherever a second finger comes down. */
function mindSecondFinger() {
  if (listens) return;
  listens = true;
  addEventListener("pointerdown", (event) => event.isPrimary || current?.cancel(), { capture: true });
}

/** The store of the stage that an element is in. @param {Element} element */
const storeOf = (element) => element.closest(".stage")?.explorer?.store;

/**
 * Gives an element's drags to `acts`: `take(event)` returns what the others get, or null to leave the pointer to the
 * page; `move(event, taken)` follows a drag; `end(event, taken)` comes once at its end, and after a tap. A cancelled
 * drag sets back what it wrote into the stage's store; `cancel(taken)` undoes what was moved besides.
 *
 * A finger means the element when it moves sideways, or starts at one of the `handles()`. With `rested` it does so when
 * it stays in its place, too. It means it `atOnce` where `take` itself begins, as a pen does.
 * @template Taken @param {HTMLElement} element @param {DragActs<Taken>} acts
 * @param {{handles?: () => Point[], rested?: boolean, atOnce?: boolean}} options
 */
export function onDrag(element, acts, { handles = () => [], rested = false, atOnce = false } = {}) {
  mindSecondFinger();
  /** @type {Drag<Taken> | null} */
  let drag = null;
  const listen = (name, act) => element.addEventListener(name, (event) => event.isPrimary && act(event));
  listen("pointerdown", (event) => {
    const written = new Written(storeOf(element));
    const taken = event.button > 0 ? null : written.by(() => acts.take(event));
    if (taken === null) return;
    element.setPointerCapture(event.pointerId);
    const finger = atOnce ? SURE : fingerAt(element, event, handles());
    drag = current = new Drag({ acts, taken, finger, written });
    if (!atOnce && finger.meant) drag.follow(event);
    else if (rested) drag.timer = setTimeout(() => drag.rest(event), REST_MS);
  });
  listen("pointermove", (event) => drag?.move(event));
  listen("pointerup", (event) => drag?.end(event));
  listen("pointercancel", () => drag?.cancel());
  if (atOnce) return;
  const hold = (event) => drag?.isHeld && event.cancelable && event.preventDefault();
  element.addEventListener("touchmove", hold, { passive: false }); // what a finger holds does not scroll the page
}

/** Values that a drag writes into a store, as they were before; what a film writes meanwhile is not the drag's. */
class Written {
  /** @param {Store | undefined} store */
  constructor(store) {
    this.store = store;
    /** @type {Partial<State>} */
    this.earlier = {};
  }

  /**
   * Does a part of the drag and remembers what it changes; returns its result.
   * @template Result @param {() => Result} act
   */
  by(act) {
    const before = { ...this.store?.get() };
    const result = act();
    for (const [key, value] of Object.entries(this.store?.get() ?? {})) {
      if (value !== before[key] && !(key in this.earlier)) this.earlier[key] = before[key];
    }
    return result;
  }

  restore() {
    if (Object.keys(this.earlier).length) this.store.commit(this.earlier);
  }
}

/** One drag, from the pointer that comes down to its end. @template Taken */
class Drag {
  /** @param {{acts: DragActs<Taken>, taken: Taken, finger: FingerState, written: Written}} begun */
  constructor({ acts, taken, finger, written }) {
    this.acts = acts;
    this.taken = taken;
    this.finger = finger;
    this.written = written;
    this.ended = false;
    this.timer = 0;
  }

  /** True while a finger means the element. */
  get isHeld() {
    return !this.ended && this.finger.meant === true;
  }

  /** @param {PointerEvent} event */
  rest(event) {
    if (this.ended || this.finger.meant !== null) return;
    this.finger.meant = true;
    this.follow(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.ended && this.finger.move(event)) this.follow(event);
  }

  /** @param {PointerEvent} event */
  follow(event) {
    this.written.by(() => this.acts.move(event, this.taken));
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (this.close() && this.finger.meant !== false) this.acts.end(event, this.taken);
  }

  cancel() {
    if (!this.close() || !this.finger.meant) return;
    this.acts.cancel?.(this.taken);
    this.written.restore(); // last, as what is shown may stand for "none" in the store
  }

  /** Ends the drag; false if it has ended before. */
  close() {
    clearTimeout(this.timer);
    const open = !this.ended;
    this.ended = true;
    return open;
  }
}
