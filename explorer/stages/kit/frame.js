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

/** Sets the status of a stage: a text, or none, and of what kind it is. */
export const createSay = (status) => (text, kind = "info") => {
  status.dataset.kind = kind;
  status.textContent = text ?? "";
};

/** Gives `take(event)` the arrows to the left and right while nothing has the focus and the stage is in sight. */
export function takeArrows(root, take) {
  document.addEventListener("keydown", (event) => {
    const other = event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (!other && root.clientWidth > 0 && (event.key === "ArrowLeft" || event.key === "ArrowRight")) take(event);
  });
}

/** Gathers what changed until the next display frame, then updates the parts in order: what paints comes last. */
export function createFrame(ctx, parts) {
  let changed = null;
  const paint = () => {
    const keys = changed;
    changed = null;
    if (ctx.root.isConnected) { for (const part of parts) part.update(keys, ctx.store.get()); }
  };
  return (...keys) => {
    if (!changed) requestAnimationFrame(paint);
    changed = new Set([...(changed ?? []), ...keys]);
  };
}
