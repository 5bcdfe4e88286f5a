/** 28×28 images on canvases: crisp at every display density. */

import { setName, zoomOf } from "../base/dom.js";
import { atEnd } from "../base/live.js";

/** Largest side of a picture that fills its place, in px. */
export const LARGE = 900;

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/**
 * The image with number `k` of n · 784 values; with a `count`, the k-th row of `count` images.
 * @template {Uint8Array | Float32Array} T @param {T} values @param {number} k @returns {T}
 */
export function imageOf(values, k, count = 1) {
  return /** @type {T} */ (values.subarray(k * count * PIXELS, (k + 1) * count * PIXELS));
}

/**
 * Grey levels 0…255 of probabilities (Float32Array, 0…1) or bytes; white ink on black, as the data are.
 * @param {ArrayLike<number>} pixels
 */
export function toRgba(pixels, image = new ImageData(SIDE, SIDE)) {
  const words = new Uint32Array(image.data.buffer);
  const factor = pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray ? 1 : 255;
  for (let i = 0; i < words.length; i++) {
    const grey = Math.round(pixels[i] * factor);
    words[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  return image;
}

/** Probabilities or 0/1 bits as bytes 0…255. @param {ArrayLike<number>} pixels */
export function toBytes(pixels) {
  return Uint8Array.from(pixels, (value) => Math.round(value * 255));
}

/**
 * Draws 784 values; `size` is the side in CSS pixels and stays as it is when left out.
 * @param {Scratched} canvas @param {ArrayLike<number>} pixels @param {{size?: number}} how
 */
export function drawImage(canvas, pixels, { size } = {}) {
  if (size) setSide(canvas, size);
  if (canvas.width !== SIDE || canvas.height !== SIDE) canvas.width = canvas.height = SIDE;
  canvas.classList.add("crisp");
  const context = canvas.getContext("2d");
  const scratch = (canvas.scratch ??= context.createImageData(SIDE, SIDE));
  context.putImageData(toRgba(pixels, scratch), 0, 0);
}

/**
 * Draws those of 784 bytes for which `isThere(i)` is true; the others stay empty.
 * @param {Scratched} canvas @param {ArrayLike<number>} bytes @param {(i: number) => boolean} isThere
 */
export function drawKnown(canvas, bytes, isThere) {
  const context = canvas.getContext("2d");
  const image = (canvas.scratch ??= context.createImageData(SIDE, SIDE));
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < PIXELS; i++) words[i] = isThere(i) ? 0xff000000 | (bytes[i] * 0x010101) : 0;
  context.putImageData(image, 0, 0);
}

/**
 * A code as 784 values: two numbers as a point of the plane within ±3, more as squares, the larger the lighter.
 * @param {number[]} z
 */
export function codeImage(z) {
  const side = Math.ceil(Math.sqrt(z.length));
  const [x, y] = [3 + z[0], 3 - z[1]].map((value) => (value / 6) * SIDE);
  return Float32Array.from({ length: PIXELS }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    if (z.length === 2) return Math.hypot(column + 0.5 - x, row + 0.5 - y) < 3 ? 1 : 0.15;
    const value = z[Math.floor((row * side) / SIDE) * side + Math.floor((column * side) / SIDE)];
    return value === undefined ? 0 : Math.max(0, Math.min(1, 0.5 + value / 6));
  });
}

const GAP = 2; // pixels of an image, between two

/**
 * n · 784 values as images side by side, a pixel for each of theirs.
 * @param {Uint8Array | Float32Array} images @param {number} columns
 */
export function tiled(images, columns) {
  const count = images.length / PIXELS;
  const cell = SIDE + GAP;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns * cell - GAP, height: Math.ceil(count / columns) * cell - GAP });
  const context = canvas.getContext("2d");
  for (let i = 0; i < count; i++) {
    context.putImageData(toRgba(imageOf(images, i)), (i % columns) * cell, Math.floor(i / columns) * cell);
  }
  return canvas;
}

/** An image of `side` by `side` values as one of 784. @param {ArrayLike<number>} values @param {number} side */
export function enlarged(values, side) {
  const at = (place) => Math.floor((place * side) / SIDE);
  return Float32Array.from({ length: PIXELS }, (_, i) => values[side * at(Math.floor(i / SIDE)) + at(i % SIDE)]);
}

/** Gives a picture a side in CSS pixels, where no style sheet says another size (base.css). @param {HTMLElement} canvas @param {number} side */
export const setSide = (canvas, side) => canvas.style.setProperty("--own-side", `${side}px`);

/** Limits the width of a picture's frame in the same way. @param {HTMLElement} frame @param {string} width */
export const setWidest = (frame, width) => frame.style.setProperty("--own-width", width);

/** A labelled canvas for one image; `size` is its side in CSS pixels. @param {string} label @param {number} size */
export function imageCanvas(label, size) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.className = "crisp image";
  setSide(canvas, size);
  canvas.setAttribute("role", "img");
  setName(canvas, label);
  return canvas;
}

/** Pixels of the display for one of an element's own. @param {HTMLElement} element */
export const densityOf = (element) => Math.min((devicePixelRatio || 1) * zoomOf(element), 4);

const SHARPER = "explorer-density";
let watching = false;

/** Tells the page whenever the density of the display changes, as it does on another monitor. */
function watchDensity() {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  query.addEventListener("change", () => {
    dispatchEvent(new Event(SHARPER));
    watchDensity();
  }, { once: true });
}

/**
 * Calls `draw` at the first size of an element, at every other one, and when the density of the display changes.
 * @param {HTMLElement} element @param {() => void} draw
 */
export function onSize(element, draw) {
  if (!watching) watchDensity();
  watching = true;
  const again = () => element.isConnected && draw();
  new ResizeObserver(() => draw()).observe(element);
  addEventListener(SHARPER, again);
  atEnd(() => removeEventListener(SHARPER, again));
}

/**
 * Sizes a drawing canvas to its box at the display's density; returns the ratio, and whether anything changed.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 */
export function fitCanvas(canvas, width, height, ratio = densityOf(canvas)) {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  const changed = canvas.width !== w || canvas.height !== h;
  if (changed) Object.assign(canvas, { width: w, height: h });
  return { ratio, changed };
}

/**
 * The context of a canvas that is sized to its box, drawn on in the page's own pixels.
 * @param {HTMLCanvasElement} canvas @param {number} width
 */
export function contextOf(canvas, width, height = width, density = densityOf(canvas)) {
  const { ratio } = fitCanvas(canvas, width, height, density);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/**
 * Keeps a canvas square and as wide as its frame. Returns a function that calls `paint(context, side)`, as a change of
 * the frame does.
 * @param {HTMLElement} frame @param {HTMLCanvasElement} canvas
 * @param {(context: CanvasRenderingContext2D, side: number) => void} paint
 */
export function squareIn(frame, canvas, paint) {
  let [side, density] = [0, 1];
  const draw = () => side && paint(contextOf(canvas, side, side, density), side);
  onSize(frame, () => {
    [side, density] = [frame.clientWidth, densityOf(canvas)]; // asked for at every drawing, the page is laid out each time
    if (side) canvas.style.width = canvas.style.height = `${side}px`;
    draw();
  });
  return draw;
}

/**
 * Makes a canvas to keep so large, and gives it the ground; returns its context.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {Pick<Colours, "ground">}
 * colours
 */
export function blank(canvas, width, height, { ground }) {
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  return context;
}
