/** A button that opens a list of further buttons; Escape, or a press outside it, closes the list. */

import { button, h } from "../base/dom.js";

/**
 * A menu with the list as its member `list`, to which items may be added; `list.close()` closes it.
 * @param {string} label @param {Child[]} items
 */
export function menu(label, ...items) {
  const list = h("div", { class: "menu-list", hidden: true }, items);
  const opener = button(label, () => show(list.hidden));
  opener.setAttribute("aria-expanded", "false");
  const element = h("div", { class: "menu" }, opener, list);
  function show(on) {
    list.hidden = !on;
    opener.setAttribute("aria-expanded", String(on));
  }
  function close() {
    if (list.contains(document.activeElement)) opener.focus();
    show(false);
  }
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    close();
    event.stopPropagation();
  });
  document.addEventListener(
    "pointerdown",
    ({ target }) => element.contains(/** @type {Node} */ (target)) || show(false),
  );
  return Object.assign(element, { list: Object.assign(list, { close }) });
}
