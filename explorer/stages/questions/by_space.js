/**
 * A mode with one version for each kind of x. The version of the columns is on screen, or a refusal if the only network
 * cannot answer.
 */

import { fill } from "../kit/base/dom.js";
import { filled } from "../kit/panel/says.js";
import { CROWD } from "./column.js";
import { drawerOf, whose } from "./drawers.js";
import { Refusal } from "./refusal.js";
import { refusalOf } from "../kit/shell/refused.js";

const PLACES = ["main", "panel"];

class BySpace {
  /** @param {Ctx} ctx @param {(ctx: Ctx) => any} create */
  constructor(ctx, create) {
    /** @type {Ctx} */
    this.ctx;
    /** @type {(ctx: Ctx) => any} */
    this.create;
    /** @type {Map<any, {instance: any, content?: Node[][]}>} */
    this.made;
    /** @type {any} */
    this.kind;
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

/** True if an image of a network leads into a tab: not into this one. @param {Ctx} ctx @param {Column} column */
export const leads = (ctx, { tab }) => tab !== null && tab !== ctx.value().tab;

/** The mode's question, as Python declares it; points, or many columns, may have another text. */
function hintOf(ctx, mode) {
  const columns = ctx.columns();
  if (refusalOf(columns, mode) !== null) return "What this network cannot answer";
  const { says, shows } = ctx.value().panels[mode];
  const { each, x } = drawerOf(ctx);
  const ofMany = columns.length > CROWD && says["hint of many"];
  const leading = columns.some((column) => leads(ctx, column)) ? says.leading : "";
  const to = columns.length === 1 ? ` to ${whose(ctx)}` : "";
  return filled(says[`hint of ${each}`] ?? (ofMany || shows.hint), { x, to, whose: whose(ctx), leading });
}

/** `create(ctx)` makes the mode of the space that the columns have at that moment. */
export const bySpace = (create) => ({
  hint: hintOf,
  create: (ctx) => new BySpace(ctx, create),
});
