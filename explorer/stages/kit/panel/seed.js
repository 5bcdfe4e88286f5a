/** The seed of what is drawn: a box for it, a button for the next one, and a way to ask again. */

import { button, h, numberBox, tryAgain } from "../base/dom.js";

/** The seed after the one that the store has at `key`; the first one after the last. */
export const nextSeed = ({ store, fields }, key = "seed") => (store.get()[key] + 1) % (fields[key].high + 1);

/**
 * The store's seed at `key`, which `choose(seed)` sets. `again` is the button that draws another, to be disabled while the server works, and `words` what
 * it says; `failed(on)` shows one that calls `onRetry`.
 */
export function createSeed(ctx, { words = "Draw again", onRetry = () => {}, key = "seed", choose = null } = {}) {
  const { store, fields } = ctx;
  const set = choose ?? ((seed) => store.commit({ [key]: seed }));
  const box = numberBox("Seed", { field: fields[key], onchange: set });
  const again = button(words, () => set(nextSeed(ctx, key)), { title: "The next seed" });
  const retry = tryAgain(onRetry, "Ask again for what did not arrive");
  const failed = (on) => (retry.hidden = !on);
  failed(false);
  return {
    element: h("div", { class: "row seed" }, box, again, retry),
    again,
    failed,
    update: () => box.set(store.get()[key]),
  };
}
