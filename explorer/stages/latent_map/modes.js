/** The modes of the stage: each is a module that is loaded when the stage opens, and shown in turn in the side panel. */

import { fill, h } from "../shared/dom.js";

/** Keeps one mode entered: the one that the store names. */
export function createModes(ctx, layout) {
  const loaded = new Map();
  let active = null;

  async function load(id) {
    const panel = h("div", { class: `mode mode-${id}` });
    const own = Object.create(ctx, { panel: { value: panel } });
    try {
      const module = await import(`./${id}.js`);
      return { panel, mode: module.default, instance: module.default.create(own) };
    } catch (error) {
      console.warn(id, error);
      fill(panel, h("p", { class: "quiet" }, "This mode could not be loaded. The map, β and the other modes still work."));
      return { panel, mode: { id }, instance: {} };
    }
  }

  async function enter(id) {
    if (!loaded.has(id)) loaded.set(id, load(id));
    const next = await loaded.get(id);
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
