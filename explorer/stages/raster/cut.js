/** The handle on the big picture that says how many rows are kept: dragged, or moved by arrow keys. */

import { h } from "../shared/dom.js";
import { SIDE } from "../shared/pixels.js";

const MOST = SIDE - 1;
const PAGE = 7;
const MOVES = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -PAGE, PageDown: PAGE, Home: -MOST, End: MOST };

/**
 * Puts a handle over `board`. `onMove(rows, {commit})` is told of every move, with `commit` once a drag or a press of a key
 * has ended; `set(rows)` shows the place.
 */
export function createCut(board, onMove) {
  const handle = h("div", {
    class: "cut-handle",
    role: "slider",
    tabindex: 0,
    "aria-label": "Rows that are kept",
    "aria-orientation": "vertical",
    "aria-valuemin": 0,
    "aria-valuemax": MOST,
  });
  const grip = h("span", { class: "cut-grip", "aria-hidden": "true" });
  handle.append(grip);
  const element = h("div", { class: "cut" }, board, handle);
  let now = 0;
  const move = (rows, commit) => {
    set(Math.max(0, Math.min(MOST, rows)));
    onMove(now, { commit });
  };

  const rowOf = ({ clientY }) => {
    const box = board.getBoundingClientRect();
    return Math.round(((clientY - box.top) / box.height) * SIDE);
  };
  handle.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    handle.setPointerCapture(event.pointerId);
    handle.focus();
    event.preventDefault();
  });
  handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && move(rowOf(event), false));
  for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, () => move(now, true));
  handle.addEventListener("keydown", (event) => {
    if (!(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
    move(now + MOVES[event.key], false);
    event.preventDefault();
    event.stopPropagation();
  });
  handle.addEventListener("keyup", (event) => event.key in MOVES && move(now, true));

  function set(rows) {
    now = rows;
    handle.style.top = `${(100 * rows) / SIDE}%`;
    grip.textContent = String(rows);
    handle.setAttribute("aria-valuenow", rows);
    handle.setAttribute("aria-valuetext", rows === 0 ? "no row is kept" : `${rows} of ${SIDE} rows are kept`);
  }

  return { element, handle, set };
}
