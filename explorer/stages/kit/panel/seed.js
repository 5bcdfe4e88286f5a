/** The control of a seed: a die for the next one, its number behind *Seed*, and a button that asks again. */

import { button, h, numberBox, tryAgain } from "../base/dom.js";
import { createMore } from "./more.js";

/** The seed after the one that the store has at `key`; the first one after the last. */
export const nextSeed = ({ store, fields }, key = "seed") => (store.get()[key] + 1) % (fields[key].high + 1);

/** The button *Draw again*. */
export function createDie(words, onclick, title) {
  const element = button(words, onclick, { title });
  element.classList.add("die");
  return element;
}

/**
 * The store's seed at `key`, which `choose(seed)` sets. `again` is the button that draws another, to be disabled while
 * the server works, and `words` what it says; `failed(on)` shows one that calls `onRetry`.
 */
export function createSeed(ctx, { words = "Draw again", onRetry = () => {}, key = "seed", choose = null } = {}) {
  const { store, fields } = ctx;
  const set = choose ?? ((seed) => store.commit({ [key]: seed }));
  const box = numberBox("Seed", { field: fields[key], onchange: set });
  const again = createDie(words, () => set(nextSeed(ctx, key)), "The next seed");
  const number = createMore("seed", ["Seed", "Hide the seed"], (isOpen) => (box.hidden = !isOpen));
  const retry = tryAgain(onRetry, "Ask again for what did not arrive");
  const failed = (on) => (retry.hidden = !on);
  failed(false);
  return {
    element: h("div", { class: "row seed" }, again, box, number, retry),
    again,
    failed,
    update() {
      box.set(store.get()[key]);
      number.dataset.seed = store.get()[key];
    },
  };
}
