/**
 * A finger on a slider may be on its way down the page: what it means shows once it moves along, across, or is lifted.
 */

import { placeIn } from "./dom.js";

const REACH = 32; // CSS pixels around a handle that are the finger's on it
const SLOP = 8; // CSS pixels that a resting finger may tremble
const SLIDER = "input[type=range]";

class Finger {
  /**
   * State since a pointerdown; `meant` is null until the gesture is decided, and always true for a mouse or a pen.
   * @param {PointerEvent} event
   */
  constructor({ clientX, clientY, pointerType }) {
    this.x = clientX;
    this.y = clientY;
    /** @type {boolean | null} */
    this.meant = pointerType === "touch" ? null : true;
  }

  /** True if it means the control, now that it has come to the place of a pointermove. @param {PointerEvent} event */
  move({ clientX, clientY }) {
    const [along, across] = [Math.abs(clientX - this.x), Math.abs(clientY - this.y)];
    if (this.meant === null && Math.max(along, across) > SLOP) this.meant = along > across;
    return this.meant;
  }
}

/**
 * True if a pointer is at one of the `handles` of an element.
 * @param {HTMLElement} element @param {{clientX: number, clientY: number}} event @param {Point[]} handles
 */
export function isNear(element, event, handles) {
  const [x, y] = placeIn(element, event);
  return handles.some((handle) => Math.hypot(handle[0] - x, handle[1] - y) < REACH);
}

/**
 * The finger of a pointerdown: one that starts at a handle means the element.
 * @param {HTMLElement} element @param {PointerEvent} event @param {Point[]} handles
 */
export function fingerAt(element, event, handles) {
  const finger = new Finger(event);
  finger.meant ||= isNear(element, event, handles) || null;
  return finger;
}

/**
 * For every slider in `root`: a finger that scrolls past one changes nothing and causes no event.
 * @param {HTMLElement} root
 */
export function mindSliders(root) {
  /** @type {Held | null} */
  let held = null;
  const listen = (name, act) => root.addEventListener(name, act, { capture: true });
  listen("pointerdown", (event) => {
    if (event.isPrimary) held = event.pointerType === "touch" && event.target.matches(SLIDER) ? new Held(event) : null;
  });
  listen("pointermove", (event) => event.isPrimary && held?.move(event));
  listen("pointerup", (event) => event.isPrimary && held?.lift());
  listen("pointercancel", (event) => event.isPrimary && held?.giveBack());
  for (const name of ["input", "change"]) listen(name, (event) => held?.hear(event));
  for (const name of ["touchend", "touchcancel"]) {
    listen(name, () => {
      const ended = held;
      setTimeout(() => held === ended && (held = null)); // the browser's last `change` comes after this event
    });
  }
}

/** A slider under a finger, with the value that it had. */
class Held {
  /** @param {PointerEvent & {target: HTMLInputElement}} event */
  constructor(event) {
    this.finger = new Finger(event);
    this.input = event.target;
    this.earlier = event.target.value;
    /** @type {string | null} */
    this.wanted = null;
  }

  move(event) {
    if (this.finger.meant === null && this.finger.move(event)) this.tell(this.wanted);
  }

  lift() {
    if (this.finger.meant === false) this.giveBack();
    else if (this.finger.meant === null) this.tell(this.wanted);
  }

  /** @param {string | null} value */
  tell(value) {
    this.finger.meant = true;
    if (value === null) return;
    this.input.value = value; // its owner may have set another meanwhile
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  giveBack() {
    if (this.finger.meant) this.tell(this.earlier);
    else if (this.input.value === this.wanted) this.input.value = this.earlier;
    this.finger.meant = false;
  }

  /** Keeps the browser's own events from everybody else while the finger does not mean them. @param {Event} event */
  hear(event) {
    if (event.target !== this.input || !event.isTrusted || this.finger.meant) return;
    if (event.type === "input" && this.finger.meant === null) this.wanted = this.input.value;
    event.stopImmediatePropagation();
  }
}
