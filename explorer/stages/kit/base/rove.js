/** A row of buttons as one tab stop: arrows, Home and End move the focus from one to the next. */

import { isBrowsers } from "./dom.js";

const ITEMS = "button:not(.menu-list *), a[href]";
const CHOSEN = "[aria-pressed=true], [aria-selected=true], [aria-current]";
const STATES = ["hidden", "disabled", "aria-pressed", "aria-selected", "aria-current"];

/**
 * Makes a `row`, and the rows in it, one tab stop: the button with the focus, else the chosen one, else the first.
 * @template {HTMLElement} Row @param {Row} row
 */
export function rove(row) {
  row.dataset.rove = "";
  const isInner = () => row.parentElement?.closest("[data-rove]");
  const items = () =>
    [.../** @type {NodeListOf<HTMLButtonElement>} */ (row.querySelectorAll(ITEMS))].filter((each) =>
      !each.disabled && !each.closest("[hidden]")
    );
  const settle = () => {
    if (isInner()) return;
    const all = items();
    const focused = all.find((each) => each === document.activeElement);
    const stop = focused ?? all.find((each) => each.matches(CHOSEN)) ?? all[0];
    for (const each of all) each.tabIndex = each === stop ? 0 : -1;
  };
  row.addEventListener("focusin", settle);
  row.addEventListener("keydown", (event) => isInner() || move(event, items()));
  new MutationObserver(settle).observe(row, { attributeFilter: STATES, childList: true, subtree: true });
  settle();
  return row;
}

/** Moves the focus by a key, Home and End in the innermost row; from tab to tab of it, that chooses. */
function move(event, all) {
  const { key, target } = event;
  const at = all.indexOf(target);
  const rowOf = (each) => each.closest("[data-rove]");
  const alike = all.filter((each) => rowOf(each) === rowOf(target));
  const [next, previous] = [all[(at + 1) % all.length], all.at(at - 1)];
  const ends = { Home: alike[0], End: alike.at(-1) };
  const moves = { ArrowRight: next, ArrowDown: next, ArrowLeft: previous, ArrowUp: previous, ...ends };
  if (at < 0 || !(key in moves) || isBrowsers(event) || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  moves[key].focus();
  if (alike.includes(moves[key]) && target.matches("[role=tab]")) moves[key].click();
}
