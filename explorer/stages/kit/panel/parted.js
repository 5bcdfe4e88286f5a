/** A mode of several parts, chosen by its first control; each part is a mode with a panel of its own. */

import { fill, h } from "../base/dom.js";
import { atEnd, owned, whenever } from "../base/live.js";
import { computed, signal, untracked } from "../base/vendor/signals-core.js";
import { createTries } from "../lesson/tries.js";
import { exhibited } from "./exhibit.js";
import { createMode, mode } from "./mode.js";
import { fillPanel } from "./parts.js";

/**
 * Parts are exhibits, but for those that `creates` has another function for, by their modes. `takes(ctx)` is false while
 * another network is taken.
 * @param {Record<string, (ctx: any, id: string) => any>} [creates]
 * @param {(ctx: any) => boolean} [takes]
 */
export const parted = (creates, takes) => mode((self) => partsOf(self, creates ?? {}, takes ?? (() => true)));

/** @param {import("./mode.js").Self} self */
function partsOf(self, creates, takes) {
  const { given, ctx, state, declared, visits, changes } = self;
  const { parts, controls: [[{ key }]] } = declared;
  const made = {};
  atEnd(() => Object.values(made).forEach(({ end }) => end()));
  const chosen = computed(() => parts[state[key]]);
  const shown = signal(null);
  const panel = h("div");

  /** Shows the part of a mode, and hands over what has changed. */
  function show(id, changed) {
    const next = made[id] ??= create(id, given, creates[id]);
    const { part } = next;
    const isNew = part !== shown.peek();
    if (isNew) {
      shown.peek()?.leave?.();
      shown.value = part;
      fill(ctx.main, next.main);
      fill(panel, next.panel);
    }
    const { nets } = part.declared;
    if (isNew || (nets.length && !nets.includes(given.store.get().net))) part.enter();
    part.update(isNew ? new Set([...changed, "mode"]) : changed);
  }
  whenever(() => {
    const [id, changed] = [chosen.value, changes.value];
    if (visits.value) untracked(() => takes(given) && show(id, changed));
  });
  return {
    part: shown,
    panel: (controls) => fillPanel(ctx, controls, panel, createTries(given)),
    enter() {
      takes(given);
      shown.value?.enter();
    },
    leave: () => shown.value?.leave?.(),
    key: (event) => shown.value?.key(event) && event.preventDefault(),
    hasResult: (what) => Boolean(shown.value?.hasResult(what)),
    table: () => shown.value?.table() ?? null,
  };
}

/**
 * A part with places of its own.
 * @param {string} id @param {Ctx} given @param {(ctx: Ctx, id: string) => any} [createPart]
 */
function create(id, given, createPart = createMode(exhibited)) {
  const places = { main: h("div"), panel: h("div") };
  const named = Object.fromEntries(Object.entries(places).map(([name, value]) => [name, { value }]));
  const [part, end] = owned(() => createPart(Object.create(given, named), id));
  return { part, end, ...places };
}
