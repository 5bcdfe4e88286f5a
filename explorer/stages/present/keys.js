/** Keys of one who presents: B or . makes the screen black, W white, until the next key; Escape leaves the presentation. */

import { isBrowsers, presents } from "../kit/base/dom.js";

const TYPED = "input, textarea, select, [contenteditable]";
const COLOURS = { b: "black", ".": "black", w: "white" };

/** @type {HTMLElement | null} */
let curtain = null;

/** @param {string} colour */
function draw(colour) {
  curtain = document.createElement("div");
  curtain.className = "curtain";
  curtain.style.cssText = `background: ${colour}; inset: 0; position: fixed; z-index: 100`;
  curtain.addEventListener("click", open);
  document.body.append(curtain);
}

function open() {
  curtain?.remove();
  curtain = null;
}

/** True while somebody shows the page to a room. */
const isShown = () => presents() || document.querySelector(".course") !== null;

/** Takes these keys of a window from now on. @param {Window} of */
function takeKeys(of) {
  of.addEventListener("keydown", (event) => {
    if (isBrowsers(event) || !isShown()) return;
    if (curtain) open();
    else if (COLOURS[event.key.toLowerCase()] && globalThis.explorerKeys() && !isTyped(event)) {
      draw(COLOURS[event.key.toLowerCase()]);
    } else if (event.key === "Escape" && presents() && !event.defaultPrevented && !isTyped(event)) {
      globalThis.explorerPresent();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** @param {KeyboardEvent} event */
const isTyped = ({ target }) => /** @type {Element} */ (target).matches?.(TYPED) ?? false;

takeKeys(globalThis.window);
