/** The modes of the stage: each is a module that is loaded when the stage opens, and shown in turn in the side panel. */

import { fill } from "../shared/dom.js";
import { createLoader } from "./loader.js";

/** Keeps one mode entered: the one that the store names. */
export function createModes(ctx, layout) {
  const load = createLoader(ctx);
  let active = null;

  async function enter(id) {
    const next = await load(id);
    if (ctx.store.get().mode !== id || active === next) return;
    active?.instance.leave?.();
    active = next;
    fill(layout.panel, next.panel);
    layout.setHint(next.mode.hint ?? "");
    ctx.map.setMode(next.instance);
    next.instance.enter?.();
    next.instance.update?.(new Set(["mode", "assets"]));
    ctx.map.redraw();
  }

  enter(ctx.store.get().mode);
  return {
    update(changed) {
      if (changed.has("mode")) enter(ctx.store.get().mode);
      else active?.instance.update?.(changed);
    },
  };
}
