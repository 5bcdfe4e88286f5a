/** Live formulas below the stage: their boxes get the numbers of the prompt on screen. */

import { h, setText } from "../kit/base/dom.js";

const ABOUT = "own-numbers";

/**
 * Fills boxes by their names, once they are on the page, and says below the first of them whose numbers they are. What
 * a visitor typed stays until other numbers come. Returns a function that stops waiting.
 * @param {Record<string, number>} boxes @param {string} words
 */
export function fillBoxes(boxes, words) {
  const names = Object.keys(boxes);
  const isOwn = (/** @type {Element} */ box) =>
    [...box.closest(".live").querySelectorAll("input")].every((each) =>
      names.includes(each.getAttribute("aria-label"))
    );
  const boxOf = (name) => /** @type {HTMLInputElement | undefined} */ ([
    ...document.querySelectorAll(`.live input[aria-label="${CSS.escape(name)}"]`),
  ].find(isOwn));
  const fill = () => {
    const found = names.map(boxOf);
    if (found.includes(undefined)) return false;
    found.forEach((box, place) => {
      box.value = String(boxes[names[place]]);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    about(found[0].closest(".live"), words);
    return true;
  };
  if (fill()) return () => {};
  const watch = new MutationObserver(() => fill() && watch.disconnect());
  watch.observe(document.body, { childList: true, subtree: true });
  return () => watch.disconnect();
}

/** Says below a row of boxes whose numbers these are. @param {Element} row @param {string} words */
function about(row, words) {
  const next = row.nextElementSibling;
  const said = next?.classList.contains(ABOUT) ? next : h("p", { class: `quiet ${ABOUT}`, role: "status" });
  if (said !== next) row.after(said);
  setText(said, words);
}
