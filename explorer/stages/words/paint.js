/** A pad of 24×24 cells to paint a scene in a few colours, with pointer, finger or keys. */

import { button, h, isBrowsers } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { rove } from "../kit/base/rove.js";

const CELLS = 24; // on a side
const GROUND = "grass";
const PEN = [[0, 0], [1, 0], [0, 1], [1, 1]]; // cells that a stroke fills
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP = "Pad to paint a scene. Paint with pointer or finger. Arrow keys move the pen, Space paints.";

/** Cells as bytes, two a byte, and back. @param {number[]} cells */
export const packed = (cells) =>
  Uint8Array.from({ length: cells.length / 2 }, (_, i) => 16 * cells[2 * i] + cells[2 * i + 1]);
/** @param {Uint8Array} bytes */
export const unpacked = (bytes) => [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);

export class PaintPad {
  /** @param {Record<string, number[]>} paints colours by name @param {(bytes: Uint8Array | null) => void} onStroke */
  constructor(paints, onStroke) {
    this.names = Object.keys(paints);
    this.colours = Object.values(paints).map((rgb) => `rgb(${rgb.join(" ")})`);
    this.onStroke = onStroke;
    /** @type {number[]} */
    this.cells = [];
    this.chosen = this.names.indexOf("red");
    this.pen = [CELLS / 2, CELLS / 2];
    this.canvas = h("canvas", {
      ...{
        class: "crisp paint-pad",
        width: CELLS,
        height: CELLS,
        tabindex: 0,
        role: "application",
        "aria-label": HELP,
      },
    });
    const swatches = rove(
      h(
        "div",
        { class: "swatches", role: "group", "aria-label": "Colours" },
        this.names.map((name, k) => this.swatch(name, k)),
      ),
    );
    const clear = button("Clear", () => this.onStroke(null));
    this.element = h("div", { class: "paint" }, this.canvas, h("div", {}, swatches, clear));
    onDrag(this.canvas, {
      take: (event) => this.paintAt(event),
      cancel: (/** @type {number[]} */ cells) => {
        this.cells = cells;
        this.paint();
      },
      move: (event) => this.paintAt(event),
      end: () => this.onStroke(packed(this.cells)),
    }, { atOnce: true });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.show(null);
  }

  /** @param {string} name @param {number} k */
  swatch(name, k) {
    const choose = () => {
      this.chosen = k;
      for (const each of this.element.querySelectorAll(".swatch")) {
        each.setAttribute("aria-pressed", String(each === made));
      }
    };
    const made = h("button", {
      ...{
        type: "button",
        class: "swatch",
        title: name,
        "aria-label": name,
        "aria-pressed": String(k === this.chosen),
      },
      ...{ style: `--paint: ${this.colours[k]}`, onclick: choose },
    });
    return made;
  }

  /** Shows the cells of the address; without any, plain ground. @param {Uint8Array | null} bytes */
  show(bytes) {
    this.cells = bytes ? unpacked(bytes) : Array(CELLS * CELLS).fill(this.names.indexOf(GROUND));
    this.paint();
  }

  paint() {
    const context = this.canvas.getContext("2d");
    this.cells.forEach((cell, i) => {
      context.fillStyle = this.colours[cell % this.colours.length];
      context.fillRect(i % CELLS, Math.floor(i / CELLS), 1, 1);
    });
  }

  /** Fills the cells under the pen. */
  fill() {
    for (const [dx, dy] of PEN) {
      const [x, y] = [this.pen[0] + dx, this.pen[1] + dy];
      if (x >= 0 && y >= 0 && x < CELLS && y < CELLS) this.cells[y * CELLS + x] = this.chosen;
    }
    this.paint();
  }

  /** @param {PointerEvent} event */
  paintAt(event) {
    const box = this.canvas.getBoundingClientRect();
    this.pen = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
      .map((share) => Math.max(0, Math.min(CELLS - 1, Math.floor(share * CELLS))));
    const earlier = [...this.cells];
    this.fill();
    return earlier;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event)) return;
    if (event.key in ARROWS) {
      this.pen = this.pen.map((place, axis) => Math.max(0, Math.min(CELLS - 1, place + ARROWS[event.key][axis])));
      this.paint();
      const context = this.canvas.getContext("2d");
      context.strokeStyle = "#000";
      context.strokeRect(this.pen[0] + 0.5, this.pen[1] + 0.5, 1, 1);
    } else if (event.key === " ") {
      this.fill();
      this.onStroke(packed(this.cells));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
