/** A way in by typing: a prompt, and the link to the tab that draws it. */

import { h } from "../kit/base/dom.js";
import { signal } from "../kit/base/vendor/signals-core.js";

/**
 * @typedef {object} Door
 * @property {string} title
 * @property {string} example drawn unless something else is typed
 * @property {string} draw text of the link
 * @property {number} letters most letters of a prompt
 * @property {string} to address that the prompt is added to
 */

/** A field for a prompt; the return key follows the link beside it. @param {Door} door */
export function promptDoor({ title, example, draw, letters, to }) {
  const typed = signal("");
  const input = h("input", {
    ...{ type: "text", class: "prompt", maxlength: letters, placeholder: example, "aria-label": title },
    ...{ spellcheck: "false", autocomplete: "off", autocapitalize: "off", enterkeyhint: "go" },
    oninput: () => (typed.value = input.value),
  });
  const address = () => `${to}${encodeURIComponent(typed.value.trim() || example)}`;
  const link = h("a", { class: "button", href: address }, draw);
  const follow = (event) => {
    event.preventDefault();
    link.click();
  };
  return h("form", { class: "way-in", onsubmit: follow }, h("strong", {}, title), h("div", {}, input, link));
}
