/** The modes of a stage: each is a module that is loaded when it is first chosen, and shown in turn. */

import { tellAgain } from "../base/dom.js";

const ENTERED = new Set(["mode", "assets"]); // as if they had changed: what is shown may be of an earlier state

/** Starts a mode whose places are on screen. @param {Pick<Ctx, "root">} ctx @param {Mode} instance */
export function startMode({ root }, instance) {
  instance.enter?.();
  instance.update?.(ENTERED);
  tellAgain(root); // what was drawn before it was shown
}

/**
 * Keeps the mode in the store's `mode` entered. `load` is the stage's loader, and `show(places)` shows the mode's
 * places. `setHint(text)` sets its hint: that of its module, or else Python's. `entered(instance)` is called at each
 * change.
 * @param {Ctx} ctx @param {{load: Loader, show: (places: Record<string, HTMLElement>) => void, setHint: (text: string)
 * => void, entered: (instance: Mode) => void}} parts
 */
export function createModes(ctx, { load, show, setHint, entered }) {
  /** @type {Loaded | null} */
  let active = null;
  const declared = (id) => ctx.value().panels[id]?.shows?.hint ?? "";
  const tellHint = (/** @type {Loaded["mode"]} */ { hint }, /** @type {string} */ id) =>
    setHint(typeof hint === "function" ? hint(ctx, id) : hint ?? declared(id));

  /** @param {string} id */
  async function enter(id) {
    const next = await load(id);
    if (ctx.store.get().mode !== id || active === next) return;
    next.later?.then(() => ctx.store.get().mode === id && enter(id));
    active?.instance.leave?.();
    active = next;
    show(next.places);
    ctx.mechanism.enter(id, next.pictures);
    startMode(ctx, next.instance);
    tellHint(next.mode, id);
    entered(next.instance);
  }

  /** Tells the mode on screen what has changed, and each that works under the card of another. @param {Set<string>} changed */
  function handOn(changed) {
    for (let instance = active?.instance; instance; instance = instance.inner) instance.update?.(changed);
  }

  enter(ctx.store.get().mode);
  return {
    /** The mode on screen asks once more for what did not arrive. */
    again() {
      const instance = active?.instance;
      if (instance?.again) instance.again();
      else handOn(ENTERED);
    },
    /** Creates every mode again, the one on screen at once; the earlier ones end as soon as it is there. */
    renew() {
      const end = load.forget();
      enter(ctx.store.get().mode).finally(end);
    },
    /** Follows the mode of the store; every other change is handed on. @param {Set<string>} changed */
    update(changed) {
      const { mode } = ctx.store.get();
      if (changed.has("mode")) return enter(mode);
      if (active && ["net", "data"].some((key) => changed.has(key))) tellHint(active.mode, mode); // of points or images
      handOn(changed);
    },
  };
}
