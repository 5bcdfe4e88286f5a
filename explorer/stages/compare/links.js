/** The links of the tab's texts: each sets the stage in place, and is a step in the browser's history. */

import { readAddress } from "../kit/address.js";

/** Whether a click wants the link in this very page. */
const isPlain = ({ button, ctrlKey, metaKey, shiftKey, altKey }) =>
  button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);

export function followLinks({ root, store, fields, value }) {
  const { tab } = value();
  root.closest(".tabitem").addEventListener("click", (event) => {
    const link = event.target.closest(`a[href^="?tab=${tab}&"]`);
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    history.pushState(history.state, "", link.search);
    store.set(readAddress(fields, link.search), { commit: true });
    root.scrollIntoView({ block: "start" });
  });
}
