/** The handle on the big picture that says how many rows are kept: dragged, or moved by arrow keys. */

import { h, isBrowsers, setText } from "../base/dom.js";
import { onDrag } from "../base/drag.js";
import { SIDE } from "./pixels.js";

const MOST = SIDE - 1;
const PAGE = 7;
const MOVES = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  PageUp: -PAGE,
  PageDown: PAGE,
  Home: -MOST,
  End: MOST,
};

export class Cut {
  /**
   * A handle over `board`; `onMove(rows, {commit})` is called at every move, with `commit` at its end.
   * @param {HTMLElement} board @param {(rows: number, how: {commit: boolean}) => void} onMove
   */
  constructor(board, onMove) {
    this.board = board;
    this.onMove = onMove;
    this.rows = 0;
    this.grip = h("span", { class: "cut-grip", "aria-hidden": "true" });
    const range = { "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": MOST };
    this.handle = h("div", {
      class: "cut-handle",
      role: "slider",
      tabindex: 0,
      "aria-label": "Rows that are kept",
      ...range,
    }, this.grip);
    this.element = h("div", { class: "cut" }, board, this.handle);
    this.listen();
  }

  listen() {
    const { handle } = this;
    onDrag(handle, {
      take: (event) => this.take(event),
      move: (event) => this.move(this.rowOf(event)),
      end: (event) => this.move(this.rowOf(event), true),
      cancel: (earlier) => this.move(earlier, true),
    }, { atOnce: true });
    handle.addEventListener("blur", () => this.move(this.rows, true));
    handle.addEventListener("keydown", (event) => this.key(event));
    handle.addEventListener("keyup", (event) => event.key in MOVES && this.move(this.rows, true));
  }

  take(event) {
    this.handle.focus();
    event.preventDefault();
    return this.rows;
  }

  rowOf({ clientY }) {
    const { top, height } = this.board.getBoundingClientRect();
    return Math.round(((clientY - top) / height) * SIDE);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!(event.key in MOVES) || isBrowsers(event)) return;
    this.move(this.rows + MOVES[event.key]);
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} rows */
  move(rows, commit = false) {
    this.set(Math.max(0, Math.min(MOST, rows)));
    this.onMove(this.rows, { commit });
  }

  /** Shows how many rows are kept. @param {number} rows */
  set(rows) {
    this.rows = rows;
    this.handle.style.top = `${(100 * rows) / SIDE}%`;
    setText(this.grip, String(rows));
    this.handle.setAttribute("aria-valuenow", String(rows));
    this.handle.setAttribute("aria-valuetext", rows === 0 ? "no row is kept" : `${rows} of ${SIDE} rows are kept`);
  }
}
