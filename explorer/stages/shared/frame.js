/** What a stage does once a display frame, and once what it shows has come to rest. */
import { setText } from "./dom.js";

const SPEAK_AFTER_MS = 600;

/** Sets a spoken text once nothing newer has come for a while. */
export function createSpeaker(element) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => setText(element, text), SPEAK_AFTER_MS);
  };
}

/** Gathers what changed until the next display frame, then updates the parts in order: what paints comes last. */
export function createFrame(ctx, parts) {
  let changed = null;
  const paint = () => {
    const keys = changed;
    changed = null;
    if (ctx.root.isConnected) for (const part of parts) part.update(keys, ctx.store.get());
  };
  return (...keys) => {
    if (!changed) requestAnimationFrame(paint);
    changed = new Set([...(changed ?? []), ...keys]);
  };
}
