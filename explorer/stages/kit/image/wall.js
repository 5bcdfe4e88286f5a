/** Sixteen pictures that grow together; a tap or the keys choose which one is watched. */

import { h, isBrowsers, setName } from "../base/dom.js";
import { palette } from "../chart/palette.js";
import { densityOf, onSize, setWidest, SIDE } from "./pixels.js";
import { paintBoard } from "./board.js";

const COLUMNS = 4;
const COUNT = COLUMNS * COLUMNS;
const SIZE = 448;
/** With fewer device pixels a pixel, a whole number of them would leave too much room unused: the picture is scaled. */
const COARSE = 3;
const NOTHING = () => {};
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

export class Wall {
  /**
   * `onChoose(i)` gets the selected picture, and `onOpen(i)` the one that was tapped or chosen by Enter.
   * @param {{label: string, onChoose: (i: number) => void, onOpen?: (i: number) => void, size?: number}} how
   */
  constructor({ label, onChoose, onOpen = NOTHING, size = SIZE }) {
    this.label = label;
    this.onChoose = onChoose;
    this.onOpen = onOpen;
    /** @type {WallContent | null} */
    this.what = null;
    /** @type {Colours | undefined} */
    this.colours = undefined;
    this.canvas = h("canvas", { class: "wall", role: "application", tabindex: 0, "aria-label": label });
    this.element = h("div", { class: "board-frame" }, this.canvas);
    setWidest(this.element, `${size}px`);
    this.canvas.addEventListener("click", (event) => this.tap(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    onSize(this.element, () => this.draw());
  }

  /** @param {MouseEvent} event */
  tap(event) {
    const box = this.canvas.getBoundingClientRect();
    const cell = (value) => Math.max(0, Math.min(COLUMNS - 1, Math.floor((value / box.width) * COLUMNS)));
    const chosen = cell(event.clientY - box.top) * COLUMNS + cell(event.clientX - box.left);
    this.onChoose(chosen);
    this.onOpen(chosen);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (
      !(event.key in MOVES || event.key === "Enter") || isBrowsers(event) || !this.what
    ) return;
    event.preventDefault();
    event.stopPropagation();
    const next = this.what.chosen + (MOVES[event.key] ?? 0);
    if (event.key === "Enter") this.onOpen(next);
    else if (next >= 0 && next < COUNT) this.onChoose(next);
  }

  /** Shows sixteen pictures. @param {WallContent} what */
  show(what) {
    this.what = what;
    setName(this.canvas, this.label, what.words);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.what || width === 0) return;
    const ratio = densityOf(this.element);
    const room = (width * ratio) / COLUMNS / SIDE;
    const cell = room < COARSE ? Math.ceil(room) : Math.floor(room);
    this.colours ??= palette(document.body.classList.contains("dark") ? "dark" : "light", this.element);
    this.paint(this.canvas, this.what, cell, ratio);
    this.canvas.style.width = this.canvas.style.height = `${Math.min(width, this.canvas.width / ratio)}px`;
  }

  /** @param {HTMLCanvasElement} canvas @param {WallContent} what @param {number} cell @param {number} line */
  paint(canvas, { images, known, order, chosen, ring }, cell, line) {
    const tile = SIDE * cell;
    if (canvas.width !== COLUMNS * tile) canvas.width = canvas.height = COLUMNS * tile;
    const context = canvas.getContext("2d");
    for (let i = 0; i < COUNT; i++) {
      context.save();
      context.translate((i % COLUMNS) * tile, Math.floor(i / COLUMNS) * tile);
      const what = {
        values: images[i],
        known,
        order,
        ring: i === chosen ? ring : null,
        heat: null,
        veil: null,
        outline: null,
        marks: null,
        given: null,
      };
      paintBoard(context, what, { cell, cursor: null, colours: this.colours, line });
      context.restore();
    }
    context.fillStyle = this.colours.line;
    for (let i = 1; i < COLUMNS; i++) {
      context.fillRect(i * tile - line, 0, 2 * line, canvas.height);
      context.fillRect(0, i * tile - line, canvas.width, 2 * line);
    }
    Object.assign(context, { strokeStyle: this.colours.you, lineWidth: 4 * line });
    context.strokeRect(
      (chosen % COLUMNS) * tile + 2 * line,
      Math.floor(chosen / COLUMNS) * tile + 2 * line,
      tile - 4 * line,
      tile - 4 * line,
    );
  }
}
