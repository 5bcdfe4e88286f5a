/** Live formulas below the stage: their boxes get the numbers of the prompt on screen. */

import { h, setText } from "../kit/base/dom.js";

const ABOUT = "own-numbers";
const BETWEEN_MS = 100; // from one box to the next

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
  let timer = 0;
  /** One box after another: the page shows a box as it was, unless it has read it before the next one changes. */
  const fill = (/** @type {HTMLInputElement[]} */ [box, ...rest], place = 0) => {
    box.value = String(boxes[names[place]]);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (rest.length) timer = setTimeout(() => fill(rest, place + 1), BETWEEN_MS);
  };
  const begin = () => {
    const found = names.map(boxOf);
    if (found.includes(undefined)) return false;
    about(found[0].closest(".live"), words);
    fill(found);
    return true;
  };
  const watch = new MutationObserver(() => begin() && watch.disconnect());
  if (!begin()) watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    watch.disconnect();
    clearTimeout(timer);
  };
}

/** Says below a row of boxes whose numbers these are. @param {Element} row @param {string} words */
function about(row, words) {
  const next = row.nextElementSibling;
  const said = next?.classList.contains(ABOUT) ? next : h("p", { class: `quiet ${ABOUT}`, role: "status" });
  if (said !== next) row.after(said);
  setText(said, words);
}
