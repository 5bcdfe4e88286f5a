/**
 * The picture of a mechanism: the parts of a family in a row, lit where the mode is about them, and in them what the
 * mode shows. Each part opens the mode about it.
 */

import { fill, h } from "../base/dom.js";
import { drawImage, imageCanvas, SIDE } from "../image/pixels.js";
import { opensInside } from "./inside.js";
import { createFlow } from "./mechanism_flow.js";

const COPIED = 2 * SIDE; // the side of what is copied from a larger picture, at most

/** The small pictures of one mode, by their names; names outside `names` are ignored. */
class Pictures {
  /** @param {string[]} names @param {(of: MechanismPictures, name: string) => void} note */
  constructor(names, note) {
    this.canvases = new Map(names.map((name) => [name, blank()]));
    this.known = new Map();
    this.note = note;
  }

  /** Shows 784 values, or the middle of a larger picture; null empties the place. @param {string} name @param {Picturable} source */
  show(name, source) {
    const canvas = this.canvases.get(name);
    if (!canvas) return;
    canvas.hidden = !source;
    if (source instanceof HTMLCanvasElement) copy(source, canvas);
    else if (source) drawImage(canvas, source);
    if (source) this.note(this, name);
  }
}

function blank() {
  const canvas = imageCanvas("", SIDE);
  canvas.getContext("2d", { willReadFrequently: true });
  canvas.setAttribute("aria-hidden", "true");
  canvas.hidden = true;
  return canvas;
}

/** @param {HTMLCanvasElement} source @param {HTMLCanvasElement} canvas */
function copy(source, canvas) {
  const side = Math.min(source.width, source.height);
  const [left, top] = [(source.width - side) / 2, (source.height - side) / 2];
  const size = Math.min(side, COPIED);
  Object.assign(canvas, { width: size, height: size });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  if (size) context.drawImage(source, left, top, side, side, 0, 0, size, size);
}

/**
 * The mechanism of a tab, without an element if it has no parts. `open(mode)` opens the mode of a part, and `look(part)`
 * the network that it is, unless that is null.
 * @param {(mode: string) => void} open @param {MechanismPart[]} parts
 * @param {((part: MechanismPart) => void) | null} look @returns {Mechanism}
 */
export function createMechanism(open, parts, look) {
  const items = parts.map((part) => itemOf(part, () => open(part.mode)));
  const row = items.flatMap(({ element }, i) => [
    ...(i ? [arrow(parts[i].arrow)] : []),
    element,
    ...(look && opensInside(parts[i]) ? [markOf(parts[i], look)] : []),
  ]);
  const label = "The mechanism: each part opens the mode about it";
  const element = items.length ? h("div", { class: "mechanism", role: "group", "aria-label": label }, row) : null;
  const names = parts.map(({ shows }) => shows).filter(Boolean);
  const flow = element && createFlow(element, parts, items.map((item) => item.element));
  return {
    element,
    pictures: () => new Pictures(names, (of, name) => flow?.note(of, name)),
    enter(id, pictures) {
      for (const item of items) item.enter(id, pictures);
      reach(element);
      flow?.follow(pictures);
    },
  };
}

/** Brings the first lit part into sight, if the parts scroll; the page stays where it is. @param {HTMLElement} element */
function reach(element) {
  const lit = element?.querySelector("[aria-current]");
  if (!lit) return;
  const first = /** @type {HTMLElement} */ (element.firstChild);
  const left = lit.offsetLeft - first.offsetLeft;
  element.scrollLeft = left + lit.offsetWidth > element.clientWidth ? left - lit.offsetWidth : 0;
}

/** What opens the network of a part. @param {MechanismPart} part @param {(part: MechanismPart) => void} look */
function markOf(part, look) {
  const label = `Look inside: ${part.name}`;
  return h("button", {
    type: "button",
    class: "mechanism-inside",
    title: label,
    "aria-label": label,
    "aria-haspopup": "dialog",
    onclick: () => look(part),
  });
}

const arrow = (sign) => h("span", { class: "part-arrow sign", "aria-hidden": "true", "data-sign": sign });

/**
 * A formula; what follows `_` stands below the line, up to a space, a comma, a bar or a bracket. It `tells` what the part
 * depends on.
 */
function symbolOf(symbol, tells) {
  const parts = symbol.replaceAll(" | ", "|").split(/_([^\s,|)]+)/);
  return h(
    "span",
    { class: tells ? "part-symbol tells" : "part-symbol" },
    parts.map((part, i) => (i % 2 ? h("sub", {}, part) : part)),
  );
}

/**
 * A part: what it is called or its formula, and a place for a picture.
 * @param {MechanismPart} part @param {() => void} open
 */
function itemOf({ name, symbol, kind, shows, lit, label, tells }, open) {
  const place = shows && h("span", { class: "part-picture" });
  const words = kind === "value"
    ? symbolOf(symbol, tells)
    : h("span", { class: "part-words" }, h("span", {}, name), symbolOf(symbol, tells));
  const element = h(
    "button",
    { type: "button", class: "mechanism-part", "data-kind": kind, title: label, "aria-label": label, onclick: open },
    words,
    place,
  );
  const enter = (/** @type {string} */ id, /** @type {MechanismPictures} */ pictures) => {
    if (lit.includes(id)) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
    if (place) fill(place, pictures.canvases.get(shows));
  };
  return { element, enter };
}
