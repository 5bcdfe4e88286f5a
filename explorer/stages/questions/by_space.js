/**
 * A mode with one version for each kind of x. The version of the columns is on screen, or a refusal if the only network
 * cannot answer.
 */

import { fill } from "../kit/base/dom.js";
import { atEnd, owned, whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { createMode, mode } from "../kit/panel/mode.js";
import { filled } from "../kit/panel/says.js";
import { refusalOf } from "../kit/shell/refused.js";
import { CROWD } from "./column.js";
import { drawerOf, whose } from "./drawers.js";
import { refusal } from "./refusal.js";

const PLACES = ["main", "panel"];

/** @typedef {import("../kit/panel/mode.js").Self} Self */

/**
 * The versions of a mode are made by one function, each when it is first wanted.
 * @param {Self} self @param {(self: Self) => any} setup
 */
function versionsOf({ id, given, ctx, visits, changes }, setup) {
  /** @type {Map<any, {version: any, end: () => void, content?: Node[][]}>} */
  const made = new Map();
  atEnd(() => made.forEach(({ end }) => end()));
  const kind = computed(() => (refusalOf(ctx.columns(), id) === null ? drawerOf(ctx) : refusal));
  const inner = signal(/** @type {any} */ (null));
  let shown = null; // the kind on screen

  /** Puts a version on screen; the other one is left, and keeps what it drew into. */
  function turn(next) {
    if (shown) {
      inner.peek().leave();
      made.get(shown).content = PLACES.map((place) => [...given[place].childNodes]);
    }
    shown = next;
    const known = made.get(next);
    PLACES.forEach((place, i) => fill(given[place], known?.content[i]));
    if (!known) {
      const [version, end] = owned(() => createMode(next === refusal ? refusal : setup)(given));
      made.set(next, { version, end });
    }
    inner.value = made.get(next).version;
    inner.peek().enter();
  }

  whenever(() => {
    const [next, changed] = [kind.value, changes.value];
    if (!visits.value) return;
    untracked(() => {
      const isNew = next !== shown;
      if (isNew) turn(next);
      inner.peek().update(isNew ? new Set([...changed, "mode"]) : changed);
    });
  });
  return {
    inner,
    panel: null,
    enter: () => inner.value?.enter(),
    leave: () => inner.value?.leave(),
    key: (event) => inner.value?.key(event),
    hasResult: (what) => inner.value?.hasResult(what) ?? false,
    table: () => inner.value.table(),
  };
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

/** A mode of which `setup` makes the version of the space that the columns have. @param {(self: Self) => any} setup */
export const bySpace = (setup) => mode((self) => versionsOf(self, setup), { hint: hintOf });
