/** What is said where an answer did not arrive, with a way to ask again. */

import { h, tryAgain } from "../kit/shell/dom.js";

/** `again()` asks; `.show(failed)` says whether something is missing. */
export function createRetry(again) {
  const element = h("p", { class: "row" }, "Some answers did not arrive.", tryAgain(again));
  const show = (failed) => (element.hidden = !failed);
  show(false);
  return { element, show };
}
