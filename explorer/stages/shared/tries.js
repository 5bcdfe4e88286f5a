/** Try this: buttons that set the state to something worth seeing. */

import { button, h } from "./dom.js";

/** `entries` is a list of [words, patch of the store]. */
export function createTries(ctx, entries) {
  const buttons = entries.map(([words, patch]) => button(words, () => ctx.store.set(patch, { commit: true })));
  return h("div", { class: "tries" }, h("h2", {}, "Try this"), h("div", { class: "row" }, buttons));
}
