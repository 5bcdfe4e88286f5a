/** The seed of what is drawn: a box for it, a button for the next one, and a way to ask again. */

import { button, h, numberBox } from "./dom.js";

export const SEEDS = 2 ** 31 - 1;

/**
 * The store's `seed`. `again` is the button that draws another, to be disabled while the server works, and `words` what
 * it says; `failed(on)` shows one that calls `onRetry`.
 */
export function createSeed({ store }, { words = "Draw another", onRetry = () => {} } = {}) {
  const choose = (seed) => store.set({ seed }, { commit: true });
  const box = numberBox("Seed", { min: 0, max: SEEDS, onchange: choose });
  const again = button(words, () => choose((store.get().seed + 1) % (SEEDS + 1)), { title: "The next seed" });
  const retry = button("Try again", onRetry, { title: "Ask again for what did not arrive" });
  const failed = (on) => (retry.hidden = !on);
  failed(false);
  return {
    element: h("div", { class: "row" }, box, again, retry),
    again,
    failed,
    update: () => box.set(store.get().seed),
  };
}
