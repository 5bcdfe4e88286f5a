/** To present, a panel that is higher than its room becomes smaller until its last line is in sight. */

import { courseHeight, zoomOf } from "../base/dom.js";

const SIZES = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64];
const SMALLER = "--panel-smaller";

/**
 * Gives the panel of the stage `root` the largest of the sizes at which all of it is in sight: above the foot of the
 * window, of a course and of its own frame. `--takes-room` of the style sheet says where.
 * @param {HTMLElement} root @param {HTMLElement} panel
 */
export function keepWhole(root, panel) {
  let asked = false;
  const foot = () => {
    const frame = getComputedStyle(panel).overflowY === "visible" ? Infinity : panel.getBoundingClientRect().bottom;
    return Math.min(innerHeight - courseHeight() + scrollY, frame + scrollY);
  };
  const bottom = () =>
    Math.max(...[...panel.children].map((each) => each.getBoundingClientRect().bottom)) + scrollY +
    panel.scrollTop * zoomOf(panel);
  function fit() {
    asked = false;
    const takes = getComputedStyle(root).getPropertyValue("--takes-room") === "presented" && panel.clientHeight > 0;
    if (!takes) return root.style.removeProperty(SMALLER);
    for (const size of SIZES) {
      root.style.setProperty(SMALLER, String(size));
      if (bottom() <= foot() + 1) break;
    }
  }
  const ask = () => {
    if (!asked) requestAnimationFrame(fit);
    asked = true;
  };
  const sizes = new ResizeObserver(ask);
  const observe = () => {
    sizes.disconnect();
    for (const each of [root, panel, ...panel.children]) sizes.observe(each);
  };
  new MutationObserver(observe).observe(panel, { childList: true });
  observe();
  document.addEventListener("explorer-present", ask);
}
