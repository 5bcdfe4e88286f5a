/** A sentence about the page as a whole, at its foot until the visitor closes it. */

import { button, h } from "./dom.js";

const said = new Set();
/** @type {HTMLElement | null} */
let place = null;

/** Says a sentence, once while the page is open. @param {string} text */
export function notice(text) {
  if (!text || said.has(text)) return;
  said.add(text);
  if (!place) document.body.append(place = h("aside", { class: "notices outside", role: "status" }));
  const line = h("p", { class: "notice" }, h("span", {}, text), button("Close", () => line.remove()));
  place.append(line);
}
