/** One 28×28 picture to touch: the known pixels, the pen's place, and words about each pixel. */

import { h, isBrowsers, setName } from "../base/dom.js";
import { densityOf, onSize, PIXELS, setSide, setWidest, SIDE } from "./pixels.js";
import { palette } from "../chart/palette.js";
import { heatColour, heatTop } from "../chart/heat.js";
import { paintCells, paintGiven, paintRing, paintSet, rgba } from "./paint.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIZE = 448;
/** @type {[number, number, number]} */
const VEIL = [65, 163, 248];
const VEILED = 0.6;

/** A pixel as a visitor counts: from one. @param {number} pixel */
export const placeOf = (pixel) => `row ${Math.floor(pixel / SIDE) + 1}, column ${(pixel % SIDE) + 1}`;

export class Board {
  /**
   * `onTap(pixel)` makes the board a thing to touch; `onHover(pixel | null)` follows pointer and keys.
   * @param {{label: string, size?: number, onTap?: (pixel: number) => void, onHover?: (pixel: number | null) => void}}
   * how
   */
  constructor({ label, onTap = null, onHover = null, size = SIZE }) {
    this.label = label;
    this.onTap = onTap;
    this.onHover = onHover;
    /** @type {number | null} */
    this.cursor = null;
    this.byKeys = false;
    /** @type {BoardContent | null} */
    this.what = null;
    /** @type {Colours | undefined} */
    this.colours = undefined;
    this.ratio = 1;
    const touched = onTap || onHover;
    this.canvas = h("canvas", {
      class: "board",
      role: touched ? "application" : "img",
      tabindex: touched ? 0 : null,
      "aria-label": label,
    });
    this.element = h("div", { class: "board-frame" }, this.canvas);
    setWidest(this.element, `${size}px`);
    if (touched) this.listen();
    this.width = 0;
    onSize(this.element, () => this.measure());
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("click", (event) => this.onTap?.(this.pixelAt(event)));
    canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this.hover(this.pixelAt(event)));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("blur", () => this.hover(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {MouseEvent} event */
  pixelAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const cell = (value, span) => Math.max(0, Math.min(SIDE - 1, Math.floor((value / span) * SIDE)));
    return cell(event.clientY - box.top, box.height) * SIDE + cell(event.clientX - box.left, box.width);
  }

  /** @param {number | null} pixel */
  hover(pixel, byKeys = false) {
    if (this.cursor === pixel) return;
    this.cursor = pixel;
    this.byKeys = byKeys;
    this.draw();
    this.onHover?.(pixel);
    this.name();
  }

  /** Says what the board shows, and first the pixel to which the keys have come. */
  name() {
    const { canvas, what, label, cursor } = this;
    const pixel = this.byKeys ? `${placeOf(cursor)}${what ? `, ${levelIn(what, cursor)}` : ""}. ` : "";
    setName(canvas, `${pixel}${label}`, what?.words);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event)) return;
    const from = this.cursor ?? this.what?.ring ?? (SIDE / 2) * SIDE + SIDE / 2;
    if (event.key === "Enter" || event.key === " ") this.onTap?.(from);
    else if (event.key in MOVES) {
      const [dx, dy] = MOVES[event.key];
      const [column, row] = [(from % SIDE) + dx, Math.floor(from / SIDE) + dy];
      if (column >= 0 && column < SIDE && row >= 0 && row < SIDE) this.hover(row * SIDE + column, true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Shows a picture. @param {BoardContent} what */
  show(what) {
    this.what = {
      known: PIXELS,
      order: null,
      ring: null,
      rings: [],
      heat: null,
      veil: null,
      outline: null,
      marks: null,
      given: null,
      ...what,
    };
    this.name();
    this.draw();
  }

  /** Reads the size of its place. Reading it at every drawing would lay out the page each time. */
  measure() {
    this.width = this.element.clientWidth;
    this.ratio = densityOf(this.element);
    this.draw();
  }

  draw() {
    const { width, ratio } = this;
    if (!this.what || width === 0) return;
    const cell = Math.max(1, Math.floor((width * ratio) / SIDE));
    if (this.canvas.width !== SIDE * cell) this.canvas.width = this.canvas.height = SIDE * cell;
    setSide(this.canvas, (SIDE * cell) / ratio);
    this.colours ??= palette(document.body.classList.contains("dark") ? "dark" : "light", this.element);
    paintBoard(this.canvas.getContext("2d"), this.what, {
      cell,
      cursor: this.cursor,
      colours: this.colours,
      line: ratio,
    });
  }
}

/**
 * Paints what `Board.show` is given, `cell` device pixels a pixel.
 * @param {Context2d} context @param {BoardContent} what
 * @param {{cell: number, cursor: number | null, colours: Colours, line: number}} how
 */
export function paintBoard(context, what, { cell, cursor, colours, line }) {
  const { known, order, ring, rings = [], veil, outline, marks, given } = what;
  const shown = known === PIXELS ? null : shownSet(known, order);
  paintCells(context, cellsOf(what), shown, cell, colours);
  if (veil) paintCells(context, (pixel) => rgba(...VEIL, Math.round(230 * Math.min(1, veil[pixel]))), null, cell, null);
  if (marks) paintSet(context, marks, cell, colours.you);
  if (outline) paintSet(context, outline, cell, `rgb(${VEIL.join(" ")})`, line * 2);
  if (given !== null) paintGiven(context, given, cell, colours.you, line);
  if (cursor !== null && cursor !== ring) paintRing(context, cursor, cell, { colour: colours.you, line, dashed: true });
  for (const pixel of rings) paintRing(context, pixel, cell, { colour: colours.you, line });
  if (ring !== null) paintRing(context, ring, cell, { colour: colours.you, line });
}

/** Value of one pixel of the picture. @param {BoardContent} what @param {number} pixel */
function levelIn({ values, known, order }, pixel) {
  const place = order ? order.indexOf(pixel) : pixel;
  if (known < PIXELS && place >= known) return "not drawn";
  return { 0: "black", 1: "white" }[values[pixel]] ?? `${Math.round(100 * values[pixel])} % of white`;
}

/** @param {number} known @param {number[] | null} order */
function shownSet(known, order) {
  const shown = new Uint8Array(PIXELS);
  for (let place = 0; place < known; place++) shown[order ? order[place] : place] = 1;
  return shown;
}

/**
 * The colour of each pixel: its grey, or its surprise; a veil dims what it covers.
 * @param {BoardContent} what @returns {(pixel: number) => number}
 */
function cellsOf({ values, heat, veil }) {
  if (heat) {
    const top = heatTop(heat);
    return (pixel) => heatColour(heat[pixel], top);
  }
  const factor = veil ? VEILED : 1;
  return (pixel) => {
    const grey = Math.round(255 * values[pixel] * factor);
    return rgba(grey, grey, grey);
  };
}
