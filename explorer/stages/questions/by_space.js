/**
 * A mode of which there is one for each kind of x that is asked about; that of the columns is on screen, or a refusal where
 * the only network asked cannot answer.
 */

import { fill } from "../kit/base/dom.js";
import { drawerOf } from "./drawers.js";
import { Refusal } from "./refusal.js";
import { refusalOf } from "../kit/shell/refused.js";

const PLACES = ["main", "panel"];

class BySpace {
  constructor(ctx, create) {
    Object.assign(this, { ctx, create, made: new Map(), kind: null });
    this.turn();
  }

  /** The mode on screen. */
  get inner() {
    return this.made.get(this.kind).instance;
  }

  /** Kind of mode that the columns need now: a refusal, or the mode of their space. */
  get wanted() {
    return refusalOf(this.ctx.columns(), this.ctx.id) === null ? drawerOf(this.ctx) : Refusal;
  }

  /** Puts the mode of the columns' space on screen; the other one is left, and keeps what it drew into. */
  turn() {
    const { ctx, made } = this;
    if (this.kind) {
      this.inner.leave?.();
      made.get(this.kind).content = PLACES.map((place) => [...ctx[place].childNodes]);
    }
    this.kind = this.wanted;
    const known = made.get(this.kind);
    PLACES.forEach((place, i) => fill(ctx[place], known?.content[i]));
    if (!known) made.set(this.kind, { instance: this.kind === Refusal ? new Refusal(ctx) : this.create(ctx) });
  }

  enter() {
    this.inner.enter?.();
  }

  leave() {
    this.inner.leave?.();
  }

  update(changed) {
    if (this.wanted === this.kind) return this.inner.update(changed);
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

  table() {
    return this.inner.table();
  }
}

/** `create(ctx)` makes the mode of the space that the columns have at that moment; `hint` is what the mode asks. */
export const bySpace = ({ hint, create }) => ({
  hint: (ctx, mode) => {
    if (refusalOf(ctx.columns(), mode) !== null) return "What this network cannot answer";
    return typeof hint === "function" ? hint(ctx, mode) : hint;
  },
  create: (ctx) => new BySpace(ctx, create),
});
