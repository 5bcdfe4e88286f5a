/**
 * The probabilities of all 16 images of 2 × 2 pixels as bars; those that the pixels drawn so far still allow stand out.
 */

import { h, setName } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { bitsOf, PIXELS } from "./chain_rule.js";

const NARROW = 560; // sixteen numbers would run together
const ROW_HEIGHT = 124; // of two rows; one is as high as its place
const ICON = 14;
const NUMBER_HEIGHT = 16;
const FONT = "13px system-ui, sans-serif"; // three digits fit beside each other

export const possible = (image, drawn) => drawn.every((bit, pixel) => bitsOf(image)[pixel] === bit);

/** @returns {{element: Element, canvas: HTMLCanvasElement, show: Function}} `show(joint, drawn, colours)` */
export function createBars() {
  const canvas = h("canvas", { class: "chain-bars", role: "img" });
  const element = h("div", { class: "chain-chart" }, canvas);
  let shown = null;
  const paint = () => shown && element.clientWidth && paintBars(canvas, element, ...shown);
  onSize(element, paint);
  const show = (joint, drawn, colours) => {
    shown = [joint, drawn, colours];
    setName(canvas, "Probabilities of the 16 images.", describe(joint, drawn));
    paint();
  };
  return { element, canvas, show };
}

function describe(joint, drawn) {
  const all = joint.map((value, image) => `${bitsOf(image).join("")}: ${num(value, 4)}`).join(", ");
  const still = drawn.length ? ` Still possible: those that begin with ${drawn.join("")}.` : "";
  return `${all}.${still}`;
}

function paintBars(canvas, element, joint, drawn, colours) {
  const width = element.clientWidth;
  const columns = width < NARROW ? 8 : 16;
  element.style.height = columns === 8 ? `${2 * ROW_HEIGHT}px` : "";
  const height = element.clientHeight;
  const high = (height * columns) / joint.length;
  canvas.style.height = `${height}px`;
  const ctx2d = contextOf(canvas, width, height);
  ctx2d.clearRect(0, 0, width, height);
  const top = Math.max(...joint);
  joint.forEach((value, image) => {
    const box = {
      x: ((image % columns) * width) / columns,
      y: high * Math.floor(image / columns),
      width: width / columns,
      height: high,
    };
    paintBar(ctx2d, box, value / top, possible(image, drawn), {
      text: num(value, 3),
      bits: bitsOf(image),
      colours,
      chosen: drawn.length > 0,
    });
  });
}

function paintBar(ctx2d, { x, y, width, height }, share, alive, { text, bits, colours, chosen }) {
  const room = height - NUMBER_HEIGHT - ICON - 12;
  const long = Math.max(1, share * room);
  const floor = y + NUMBER_HEIGHT + room;
  ctx2d.globalAlpha = alive ? 1 : 0.35;
  ctx2d.fillStyle = alive && chosen ? colours.you : colours.quiet;
  ctx2d.fillRect(x + 0.2 * width, floor - long, 0.6 * width, long);
  ctx2d.font = FONT;
  ctx2d.textAlign = "center";
  ctx2d.fillStyle = colours.ink;
  ctx2d.fillText(text, x + width / 2, floor - long - 4);
  paintIcon(ctx2d, x + (width - ICON) / 2, floor + 6, bits, colours);
  ctx2d.globalAlpha = 1;
}

/** White ink on black, as the images are. */
function paintIcon(ctx2d, x, y, bits, colours) {
  const cell = ICON / Math.sqrt(PIXELS);
  bits.forEach((bit, pixel) => {
    ctx2d.fillStyle = bit ? "#fff" : "#000";
    ctx2d.fillRect(x + (pixel % 2) * cell, y + Math.floor(pixel / 2) * cell, cell, cell);
  });
  ctx2d.strokeStyle = colours.quiet;
  ctx2d.lineWidth = 1;
  ctx2d.strokeRect(x - 0.5, y - 0.5, ICON + 1, ICON + 1);
}
