/** A 28×28 image under a grid of 7×7 tokens, each of which can be chosen by pointer or keys. */

import { h, isBrowsers, setName } from "../kit/base/dom.js";
import { heatColour, heatTop } from "../kit/chart/heat.js";
import { palette } from "../kit/chart/palette.js";
import { SIDE, toRgba } from "../kit/image/pixels.js";

const GRID = 7;
const CELL = 40; // pixels of the canvas to a token
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The token `key` leads to; null where it leads nowhere. @param {number} token @param {string} key */
function neighbour(token, key) {
  if (!(key in MOVES)) return null;
  const [column, row] = [token % GRID + MOVES[key][0], Math.floor(token / GRID) + MOVES[key][1]];
  return column >= 0 && column < GRID && row >= 0 && row < GRID ? row * GRID + column : null;
}

export class TokenGrid {
  /**
   * `onChoose(token)` makes the grid a thing to touch.
   * @param {{label: string, onChoose?: (token: number) => void, size?: number}} how
   */
  constructor({ label, onChoose = null, size = 280 }) {
    this.label = label;
    this.onChoose = onChoose;
    /** @type {TokensContent | null} */
    this.what = null;
    /** @type {Colours | undefined} */
    this.colours = undefined;
    this.canvas = h("canvas", {
      class: "token-grid",
      role: onChoose ? "application" : "img",
      tabindex: onChoose ? 0 : null,
      "aria-label": label,
      width: GRID * CELL,
      height: GRID * CELL,
    });
    this.canvas.style.maxWidth = `${size}px`;
    this.scratch = h("canvas", { width: SIDE, height: SIDE });
    if (!onChoose) return;
    this.canvas.addEventListener("click", (event) => onChoose(this.tokenAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {MouseEvent} event */
  tokenAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const cell = (value, span) => Math.max(0, Math.min(GRID - 1, Math.floor((value / span) * GRID)));
    return cell(event.clientY - box.top, box.height) * GRID + cell(event.clientX - box.left, box.width);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event) || !(event.key in MOVES) || !this.what) return;
    const next = neighbour(this.what.chosen, event.key);
    if (next !== null) this.onChoose(next);
    event.preventDefault();
    event.stopPropagation();
  }

  /** Shows an image or its tokens. @param {TokensContent} what */
  show(what) {
    this.what = { bytes: null, heat: null, chosen: null, marked: [], lines: true, ...what };
    setName(this.canvas, this.label, what.words);
    this.colours ??= palette(document.body.classList.contains("dark") ? "dark" : "light", this.canvas);
    this.paint();
  }

  paint() {
    const { bytes, heat, chosen, marked, lines } = this.what;
    const context = this.canvas.getContext("2d");
    const corner = (token) => [(token % GRID) * CELL, Math.floor(token / GRID) * CELL];
    context.imageSmoothingEnabled = false;
    if (bytes) {
      this.scratch.getContext("2d").putImageData(toRgba(bytes), 0, 0);
      context.drawImage(this.scratch, 0, 0, GRID * CELL, GRID * CELL);
    } else paintHeat(context, heat, corner);
    context.fillStyle = "rgb(128 128 128 / 0.45)";
    for (let k = 1; lines && k < GRID; k++) {
      context.fillRect(k * CELL, 0, 1, GRID * CELL);
      context.fillRect(0, k * CELL, GRID * CELL, 1);
    }
    context.fillStyle = this.colours.you;
    for (const token of marked) {
      const [x, y] = corner(token);
      context.beginPath();
      [[x + CELL - 12, y + 1], [x + CELL - 1, y + 1], [x + CELL - 1, y + 12]].forEach(([x, y]) => context.lineTo(x, y));
      context.fill();
    }
    if (chosen === null) return;
    const [x, y] = corner(chosen);
    Object.assign(context, { strokeStyle: this.colours.you, lineWidth: 3 });
    context.strokeRect(x + 1.5, y + 1.5, CELL - 3, CELL - 3);
  }
}

function paintHeat(context, heat, corner) {
  const top = heatTop(heat);
  const image = context.createImageData(1, 1);
  heat.forEach((value, token) => {
    new Uint32Array(image.data.buffer)[0] = heatColour(value, top);
    context.fillStyle = `rgb(${[...image.data].slice(0, 3).join(" ")})`;
    const [x, y] = corner(token);
    context.fillRect(x, y, CELL, CELL);
  });
}
