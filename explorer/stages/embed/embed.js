/**
 * The page in a frame of another site: a link to the whole page stands under the picture, and the parent is told how high
 * the content is.
 */

import { h } from "../kit/base/dom.js";

/** Pixels: below these, the style sheets lay a window out as a phone on its side, and the height would swing. */
const LEAST = 520;
const CHANGE = 2; // pixels that are worth a message
const FOLLOWED = ["pointerenter", "pointerdown", "focus", "click"];

/** Address of the present state in the whole page. @param {string} href */
export function wholeAddress(href) {
  const address = new URL(href);
  address.searchParams.delete("embed");
  address.search = address.search.replaceAll("%2C", ",");
  return address.href;
}

/** Begins once the page is in a frame. */
export function begin() {
  // Gradio's own attributes stretch these to the window: the content's height would never fall below the frame's
  for (const each of document.querySelectorAll("html, body, gradio-app")) {
    Object.assign(/** @type {HTMLElement} */ (each).style, { flexGrow: "0", minHeight: "0" });
  }
  const link = /** @type {HTMLAnchorElement} */ (h("a", {
    class: "embed-open",
    href: wholeAddress(globalThis.explorerAddress.href),
    target: "_blank",
    rel: "noopener",
  }, "Open in Explorer"));
  for (const each of FOLLOWED) {
    link.addEventListener(each, () => (link.href = wholeAddress(globalThis.explorerAddress.href)));
  }
  link.addEventListener("click", (event) => event.stopPropagation()); // the page would open the state in the frame
  const foot = h("p", { class: "embed-foot" }, link);
  document.body.append(foot);
  tellHeight(foot);
}

/** Sends the parent the height of the content, whenever it has changed. @param {HTMLElement} foot its last element */
function tellHeight(foot) {
  let told = 0;
  const tell = () => {
    if (!document.querySelector(".stage.framed")) return;
    const height = Math.max(LEAST, Math.ceil(foot.getBoundingClientRect().bottom + scrollY));
    if (Math.abs(height - told) < CHANGE) return;
    told = height;
    // a height is no secret, and the parent's origin is not known in every browser
    parent.postMessage({ explorer: "height", height }, "*");
  };
  const watch = new ResizeObserver(tell);
  watch.observe(document.querySelector("gradio-app") ?? document.body);
  watch.observe(document.body);
}
