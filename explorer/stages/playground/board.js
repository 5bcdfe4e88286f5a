/** The board: a visitor draws points on it with a pointer, a finger or keys; each has two bytes. */

import { contextOf } from "../kit/image/pixels.js";
import { h, isBrowsers } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { pair } from "../kit/base/format.js";
import { fromBase64, toBase64Url } from "../kit/plane/tensors.js";
import { paintGround, toScreen } from "../kit/plane/screen.js";
import { paintDots, paintHollow } from "./paint.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const [STEP, FAST] = [0.1, 5];
const SPRAY_MS = 50;
const AT_ONCE = 3;
const ALONG = 0.07; // between points of a line
const REACH = 0.22; // of the eraser
const [LETTER, INK] = [0.8, 128]; // share of the board that a text takes, and what counts as ink
const KEPT = 400; // points of a preset from which a visitor erases

const gauss = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

/** A drawing in the address as bytes, if there is one. */
export const bytesOfDrawing = (text) => (text ? [...fromBase64(text)] : []);
export const textOfDrawing = (bytes) => (bytes.length ? toBase64Url(Uint8Array.from(bytes)) : null);

/** Points spread over the ink of a text, as the bytes of a drawing. */
export function bytesOfLetters(text, { levels, most }) {
  const context = new OffscreenCanvas(levels, levels).getContext("2d");
  context.font = `bold ${LETTER * levels}px system-ui, sans-serif`;
  const scale = Math.min(1, (LETTER * levels) / context.measureText(text).width);
  Object.assign(context, { textAlign: "center", textBaseline: "middle" });
  context.setTransform(scale, 0, 0, scale, levels / 2, levels / 2);
  context.fillText(text, 0, 0);
  const { data } = context.getImageData(0, 0, levels, levels);
  const ink = Array.from({ length: levels ** 2 }, (_, i) => i).filter((i) => data[4 * i + 3] > INK);
  if (!ink.length) return [];
  const drawn = Array.from({ length: most }, () => ink[Math.floor(Math.random() * ink.length)]);
  return drawn.flatMap((i) => [i % levels, levels - 1 - Math.floor(i / levels)]);
}

export class Board {
  /**
   * `limits` are {view, levels, most}; `tool()` gives {tool, spread}. `onDrawn(bytes)` gets a finished stroke,
   * `onUndo()` follows Backspace, and `onFull()` a stroke that does not fit.
   */
  constructor({ limits, tool, onDrawn, onUndo, onFull, colours }) {
    this.limits = limits;
    this.tool = tool;
    this.onDrawn = onDrawn;
    this.onUndo = onUndo;
    this.onFull = onFull;
    this.colours = colours;
    this.bytes = null;
    this.points = [];
    this.held = [];
    this.cursor = [0, 0];
    this.from = null;
    this.drawing = null;
    this.size = 0;
    this.canvas = h("canvas", { class: "board-canvas", role: "application", tabindex: 0 });
    onDrag(this.canvas, {
      take: (event) => this.press(event),
      move: (event) => this.drag(event),
      end: () => this.finish(),
      cancel: () => this.cancel(),
    }, { atOnce: true });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) this.canvas.addEventListener(name, () => this.draw());
  }

  /** Shows points that are learned and held out; `bytes` are those of a drawing, null for a preset. */
  show({ bytes, points, held, words }) {
    if (this.drawing) return;
    this.bytes = bytes;
    this.points = points;
    this.held = held;
    this.words = words;
    this.canvas.classList.toggle("is-preset", bytes === null); // there a finger that moves up or down scrolls
    this.draw();
  }

  get count() {
    return this.drawing ? this.drawing.length / 2 : (this.points.length + this.held.length) / 2;
  }

  toByte(value) {
    const { view, levels } = this.limits;
    return Math.max(0, Math.min(levels - 1, Math.floor(((value / view + 1) / 2) * levels)));
  }

  toPlace(byte) {
    const { view, levels } = this.limits;
    return ((2 * (byte + 0.5)) / levels - 1) * view;
  }

  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, span) => ((2 * value) / span - 1) * this.limits.view;
    return [share(event.clientX - box.left, box.width), -share(event.clientY - box.top, box.height)];
  }

  // strokes

  press(event) {
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.begin(this.pointAt(event));
    if (this.tool().tool !== "line") this.timer = setInterval(() => this.apply(), SPRAY_MS);
    return this.drawing;
  }

  drag(event) {
    if (!this.drawing) return;
    this.cursor = this.pointAt(event);
    if (this.tool().tool === "line") this.draw();
    else this.apply();
  }

  /** A stroke goes on from the drawing; on a preset it begins a new one, but the eraser takes some of its points. */
  begin(point) {
    const erases = this.tool().tool === "erase";
    const shown = [...this.points, ...this.held].slice(0, 2 * KEPT);
    this.drawing = this.bytes ? [...this.bytes] : erases ? shown.map((value) => this.toByte(value)) : [];
    this.cursor = point;
    this.from = point;
    if (this.tool().tool !== "line") this.apply();
  }

  apply() {
    const { tool, spread } = this.tool();
    if (tool === "erase") this.erase(this.cursor);
    else for (let k = 0; k < AT_ONCE; k++) this.add(this.cursor, spread);
    this.draw();
  }

  /** @param {Point} point @param {number} spread */
  add([x, y], spread) {
    if (this.drawing.length >= 2 * this.limits.most) return this.onFull();
    this.drawing.push(this.toByte(x + spread * gauss()), this.toByte(y + spread * gauss()));
  }

  /** @param {Point} point */
  erase([x, y]) {
    const left = [];
    for (let i = 0; i < this.drawing.length; i += 2) {
      const away = Math.hypot(this.toPlace(this.drawing[i]) - x, this.toPlace(this.drawing[i + 1]) - y);
      if (away > REACH) left.push(this.drawing[i], this.drawing[i + 1]);
    }
    this.drawing = left;
  }

  /** @param {Point} from @param {Point} to */
  line([x, y], [end, top]) {
    const count = Math.max(2, Math.round(Math.hypot(end - x, top - y) / ALONG));
    for (let k = 0; k < count; k++) {
      const share = k / (count - 1);
      this.add([x + share * (end - x), y + share * (top - y)], this.tool().spread / 2);
    }
  }

  finish() {
    clearInterval(this.timer);
    if (!this.drawing) return;
    if (this.tool().tool === "line") this.line(this.from, this.cursor);
    const bytes = this.drawing;
    this.drawing = null;
    this.from = null;
    this.bytes = bytes;
    this.points = bytes.map((b) => this.toPlace(b));
    this.held = [];
    this.draw();
    this.onDrawn(bytes);
  }

  /** A finger scrolls the page, or two enlarge it: nothing was drawn. */
  cancel() {
    clearInterval(this.timer);
    this.drawing = null;
    this.from = null;
    this.draw();
  }

  // keys

  key(event) {
    if (isBrowsers(event)) return;
    if (event.key in MOVES) this.move(MOVES[event.key], event.shiftKey ? FAST * STEP : STEP);
    else if (event.key === " " || event.key === "Enter") this.strike();
    else if (event.key === "Backspace" || event.key === "Delete") this.onUndo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move([dx, dy], by) {
    const { view } = this.limits;
    const within = (value) => Number(Math.max(-view, Math.min(view, value)).toFixed(2));
    this.cursor = [within(this.cursor[0] + by * dx), within(this.cursor[1] + by * dy)];
    this.draw();
  }

  /** The key of the tool: sprays or erases once; of a line it sets the one end, and then the other. */
  strike() {
    if (this.tool().tool !== "line") {
      this.begin(this.cursor);
      this.finish();
    } else if (this.drawing) this.finish();
    else {
      this.begin(this.cursor);
      this.draw();
    }
  }

  // painting

  draw() {
    const { canvas, size, cursor } = this;
    if (!size) return;
    canvas.style.width = canvas.style.height = `${size}px`;
    this.paint(contextOf(canvas, size), size, true);
    const keys = `Cursor at ${pair(cursor, 1)}. Arrow keys move it, Space draws, Backspace undoes.`;
    canvas.setAttribute("aria-label", `The board. ${this.count} points. ${this.words ?? ""} ${keys}`);
  }

  paint(context, size, withCursor) {
    const { you, ground, line } = this.colours();
    const place = toScreen(size, this.limits.view);
    const radius = Math.max(1.5, size / 150);
    paintGround(context, size, { ground, line });
    const points = this.drawing ? this.drawing.map((byte) => this.toPlace(byte)) : this.points;
    paintDots(context, points, { place, radius, colour: you, alpha: 0.8 });
    if (!this.drawing) paintHollow(context, this.held, { place, radius: 1.2 * radius, colour: you });
    if (withCursor) this.paintCursor(context, place);
  }

  paintCursor(context, place) {
    const { ink } = this.colours();
    const [x, y] = place(...this.cursor);
    Object.assign(context, { strokeStyle: ink, lineWidth: 1.2 });
    context.beginPath();
    if (this.from && this.tool().tool === "line") {
      context.moveTo(...place(...this.from));
      context.lineTo(x, y);
    }
    if (this.canvas.matches(":focus-visible")) {
      for (const [dx, dy] of [[9, 0], [0, 9]]) {
        context.moveTo(x - dx, y - dy);
        context.lineTo(x + dx, y + dy);
      }
    }
    context.stroke();
  }
}
