/** A mode of which there is one for each kind of x that is asked about; that of the columns is on screen. */

import { fill } from "../kit/shell/dom.js";
import { drawerOf } from "./drawers.js";

const PLACES = ["main", "panel"];

class BySpace {
  constructor(ctx, create) {
    Object.assign(this, { ctx, create, made: new Map(), drawer: null });
    this.turn();
  }

  /** The mode on screen. */
  get inner() {
    return this.made.get(this.drawer).instance;
  }

  /** Puts the mode of the columns' space on screen; the other one is left, and keeps what it drew into. */
  turn() {
    const { ctx, made } = this;
    if (this.drawer) {
      this.inner.leave?.();
      made.get(this.drawer).content = PLACES.map((place) => [...ctx[place].childNodes]);
    }
    this.drawer = drawerOf(ctx);
    const known = made.get(this.drawer);
    PLACES.forEach((place, i) => fill(ctx[place], known?.content[i]));
    if (!known) made.set(this.drawer, { instance: this.create(ctx) });
  }

  enter() {
    this.inner.enter?.();
  }

  leave() {
    this.inner.leave?.();
  }

  update(changed) {
    if (drawerOf(this.ctx) === this.drawer) return this.inner.update(changed);
    this.turn();
    this.inner.enter?.();
    this.inner.update(new Set([...changed, "mode"]));
  }

  key(event) {
    return this.inner.key?.(event);
  }

  hasResult(what) {
    return this.inner.hasResult?.(what) ?? true;
  }

  picture() {
    return this.inner.picture();
  }

  table() {
    return this.inner.table();
  }
}

/** `create(ctx)` makes the mode of the space that the columns have at that moment. */
export const bySpace = (create) => (ctx) => new BySpace(ctx, create);
