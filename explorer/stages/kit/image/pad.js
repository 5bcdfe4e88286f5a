/** A pad to draw on with pointer, finger or keys; tells when a stroke ends. */
import { h, isBrowsers } from "../base/dom.js";
import { onDrag } from "../base/drag.js";
import { drawImage, SIDE, toBytes } from "./pixels.js";

const SIZE = 280;
export const PEN = 24;
const KEY_STEP = SIZE / SIDE;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Slope of the edge of a line, times that of one that was enlarged from 28 pixels. */
const STEEP = 6;
const HELP = "Drawing pad. Draw with pointer or finger. Arrow keys move the pen, Space lowers and lifts it, " +
  "Delete clears.";

const sharp = (grey) => Math.max(0, Math.min(255, STEEP * (grey - 128) + 128));

export class Pad {
  /**
   * `onStroke(ink, size)` gets the pad's ink as size × size numbers in [0, 1] whenever a stroke ends; `width()` is that
   * of the pen.
   * @param {{onStroke: (ink: Float32Array, size: number) => void, width?: () => number}} how
   */
  constructor({ onStroke, width = () => PEN }) {
    this.onStroke = onStroke;
    this.width = width;
    this.pen = { x: SIZE / 2, y: SIZE / 2, down: false };
    this.ink = h("canvas", { width: SIZE, height: SIZE, class: "pad-ink" });
    this.cursor = h("div", { class: "pad-pen" });
    this.invitation = h("span", { class: "pad-invitation", "aria-hidden": "true" }, "draw here");
    this.element = h(
      "div",
      { class: "pad", tabindex: 0, role: "application", "aria-label": HELP, "aria-roledescription": "drawing pad" },
      this.ink,
      this.invitation,
      this.cursor,
    );
    this.context = this.ink.getContext("2d", { willReadFrequently: true });
    this.listen();
    this.clear();
  }

  listen() {
    const { element } = this;
    onDrag(element, {
      take: (event) => this.start(event),
      move: (event) => this.move(event),
      end: () => this.lift(),
      cancel: (earlier) => this.restore(earlier),
    }, { atOnce: true });
    element.addEventListener("keydown", (event) => this.key(event));
  }

  clear() {
    this.context.fillStyle = "#000";
    this.context.fillRect(0, 0, SIZE, SIZE);
    this.invitation.hidden = false;
  }

  /**
   * Shows 784 pixels, so that a drawing that came with the address can be drawn on: their outline, as a pen's.
   * @param {ArrayLike<number>} pixels
   */
  show(pixels) {
    this.invitation.hidden = true;
    const small = h("canvas", { width: SIDE, height: SIDE });
    drawImage(small, toBytes(pixels));
    this.context.imageSmoothingEnabled = true;
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(small, 0, 0, SIZE, SIZE);
    const image = this.context.getImageData(0, 0, SIZE, SIZE);
    for (let i = 0; i < image.data.length; i += 4) image.data.fill(sharp(image.data[i]), i, i + 3);
    this.context.putImageData(image, 0, 0);
  }

  /** @param {PointerEvent} event */
  place(event) {
    const box = this.ink.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE];
  }

  /** Lowers the pen; returns the pad before the stroke. @param {PointerEvent} event */
  start(event) {
    const earlier = { ink: this.context.getImageData(0, 0, SIZE, SIZE), isEmpty: !this.invitation.hidden };
    this.element.classList.remove("by-keys");
    [this.pen.x, this.pen.y] = this.place(event);
    this.pen.down = true;
    this.lineTo(this.pen.x, this.pen.y);
    return earlier;
  }

  /** Takes a stroke back. */
  restore({ ink, isEmpty }) {
    this.pen.down = false;
    this.context.putImageData(ink, 0, 0);
    this.invitation.hidden = !isEmpty;
  }

  /** @param {PointerEvent} event */
  move(event) {
    for (const point of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = this.place(point);
      this.lineTo(x, y);
    }
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    const { context, pen } = this;
    this.invitation.hidden = true;
    Object.assign(context, { strokeStyle: "#fff", lineWidth: this.width(), lineCap: "round", lineJoin: "round" });
    context.beginPath();
    context.moveTo(pen.x, pen.y);
    context.lineTo(x, y);
    context.stroke();
    Object.assign(pen, { x, y });
  }

  lift() {
    if (!this.pen.down) return;
    this.pen.down = false;
    const { data } = this.context.getImageData(0, 0, SIZE, SIZE);
    this.onStroke(Float32Array.from({ length: SIZE * SIZE }, (_, i) => data[4 * i] / 255), SIZE);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isBrowsers(event)) return;
    if (event.key === " ") this.toggle();
    else if (event.key === "Delete" || event.key === "Backspace") this.erase();
    else if (event.key in ARROWS) this.moveBy(ARROWS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  toggle() {
    this.element.classList.add("by-keys");
    if (this.pen.down) {
      this.lift();
    } else {
      this.pen.down = true;
      this.lineTo(this.pen.x, this.pen.y);
    }
    this.showPen();
  }

  /** @param {number[]} step */
  moveBy([dx, dy]) {
    this.element.classList.add("by-keys");
    const [x, y] = [this.pen.x + dx * KEY_STEP, this.pen.y + dy * KEY_STEP].map((value) =>
      Math.max(0, Math.min(SIZE, value))
    );
    if (this.pen.down) this.lineTo(x, y);
    else [this.pen.x, this.pen.y] = [x, y];
    this.showPen();
  }

  erase() {
    this.pen.down = false;
    this.clear();
    this.onStroke(new Float32Array(SIZE * SIZE), SIZE);
  }

  showPen() {
    this.cursor.classList.toggle("down", this.pen.down);
    this.cursor.style.left = `${(100 * this.pen.x) / SIZE}%`;
    this.cursor.style.top = `${(100 * this.pen.y) / SIZE}%`;
  }
}
