/** A part of the page as a picture: its canvases, its words and its boxes of colour, as they lie on it. */

import { h } from "../base/dom.js";

const ACTIONS =
  ".button:not([aria-pressed], th *), .film-controls, .queue, input:not([type=number]), select, details:not([open]), .spoken"; // these are not on paper
const DENSE = 2; // of the picture's pixels for one of the page's
const SIDES = ["Top", "Right", "Bottom", "Left"];
const COLOUR = /(?:rgba?|color|oklch|oklab)\([^()]*\)/g;
const WHOLE = "; max-height: none; height: auto; flex: none; overflow: visible";
const HATCH = 6; // pixels from line to line

/**
 * Picture of an element without its controls and without what is `off-paper`, with all that scrolls in it; null where
 * nothing is shown.
 */
export function photo(element) {
  const off = [...element.querySelectorAll(".off-paper")].map((each) => [each, "; display: none"]);
  const rollers = [...element.querySelectorAll("*")].filter(scrolls).map((each) => [each, WHOLE]);
  const changed = [...off, ...rollers].map(([{ style }, css]) => [style, style.cssText, css]);
  for (const [style, before, css] of changed) style.cssText = before + css;
  const picture = photographed(element);
  for (const [style, before] of changed) style.cssText = before;
  return picture;
}

function scrolls(element) {
  const { overflowX, overflowY } = getComputedStyle(element);
  const goesOn = (name, how) =>
    ["auto", "scroll"].includes(how) && element[`scroll${name}`] > element[`client${name}`] + 1;
  return goesOn("Width", overflowX) || goesOn("Height", overflowY);
}

/** Cut off where nothing more follows. */
function photographed(element) {
  const { left, top } = element.getBoundingClientRect();
  const { scrollWidth: width, scrollHeight: height } = element;
  if (!width || !height) return null;
  const paper = sheetOf(width, height);
  const brush = paper.getContext("2d");
  brush.scale(DENSE, DENSE);
  brush.translate(-left, -top);
  const photographer = new Photographer(brush);
  photographer.paint(element);
  const { right, bottom } = photographer;
  if (right === -Infinity) return null;
  const cut = sheetOf(Math.min(width, right - left), Math.min(height, bottom - top));
  cut.getContext("2d").drawImage(paper, 0, 0);
  return cut;
}

const sheetOf = (width, height) => h("canvas", { width: Math.ceil(DENSE * width), height: Math.ceil(DENSE * height) });

class Photographer {
  constructor(brush) {
    Object.assign(this, { brush, right: -Infinity, bottom: -Infinity });
  }

  /** Paints an element and all in it. */
  paint(element) {
    const style = getComputedStyle(element);
    if (style.display === "none" || style.opacity === "0" || element.matches(ACTIONS)) return;
    const { brush } = this;
    const box = element.getBoundingClientRect();
    brush.save();
    brush.globalAlpha *= Number(style.opacity);
    if (style.visibility === "visible") this.paintOne(element, box, style);
    if (style.overflowX !== "visible" || style.overflowY !== "visible") {
      brush.beginPath();
      brush.rect(box.x, box.y, box.width, box.height);
      brush.clip();
    }
    for (const child of element.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE) this.paint(child);
      else if (child.nodeType === Node.TEXT_NODE && style.visibility === "visible") this.reach(writeText(brush, child));
    }
    this.paintDrawn(element, box, "::after");
    brush.restore();
  }

  paintOne(element, box, style) {
    if (paintBox(this.brush, box, style)) this.reach(box);
    if (element instanceof HTMLCanvasElement && element.width && box.width) {
      this.brush.imageSmoothingEnabled = style.imageRendering !== "pixelated";
      this.brush.imageSmoothingQuality = "high";
      this.brush.drawImage(element, box.x, box.y, box.width, box.height);
      this.reach(box);
    }
    if (element instanceof SVGGeometryElement && box.width) this.paintShape(element, box, style);
    paintRing(this.brush, box, style);
    if (element instanceof HTMLInputElement) this.writeValue(element, box, style);
    this.paintDrawn(element, box, "::before");
  }

  /** Paints a shape of a drawing: a circle, a line from left to right, or else a rectangle. */
  paintShape({ tagName }, box, { fill, stroke, strokeWidth, strokeDasharray }) {
    const { brush } = this;
    const { x, y, width, height } = box;
    brush.beginPath();
    if (tagName === "circle") brush.arc(x + width / 2, y + height / 2, width / 2, 0, 2 * Math.PI);
    else if (tagName === "line") {
      brush.moveTo(x, y);
      brush.lineTo(x + width, y);
    } else brush.rect(x, y, width, height);
    if (fill !== "none") Object.assign(brush, { fillStyle: fill }).fill();
    if (stroke !== "none") {
      brush.setLineDash(strokeDasharray.match(/[\d.]+/g)?.map(Number) ?? []);
      Object.assign(brush, { strokeStyle: stroke, lineWidth: parseFloat(strokeWidth) }).stroke();
    }
    this.reach(box);
  }

  writeValue({ value }, box, style) {
    Object.assign(this.brush, {
      font: fontOf(style),
      fillStyle: style.color,
      textAlign: "left",
      textBaseline: "middle",
    });
    this.brush.fillText(value, box.x + parseFloat(style.paddingLeft), box.y + box.height / 2);
  }

  /** Paints what the style sheet draws before or after the words of an element: a sign, a swatch or a line. */
  paintDrawn(element, box, which) {
    const style = getComputedStyle(element, which);
    const { content, position, display, visibility } = style;
    if (["none", "normal"].includes(content) || display === "none" || visibility !== "visible") return;
    const number = (name) => parseFloat(style[name]) || 0;
    const around = getComputedStyle(element);
    const [width, height] = [number("width"), number("height")];
    const isAlone = around.textAlign === "center" && !element.textContent;
    const isCentred = isAlone || around.justifyContent === "center";
    const place = position === "absolute"
      ? {
        x: box.x + parseFloat(around.borderLeftWidth) + number("left"),
        y: box.y + parseFloat(around.borderTopWidth) + number("top"),
      }
      : {
        x: box.x + (isCentred ? (box.width - width) / 2 : parseFloat(around.paddingLeft)),
        y: box.y + (box.height - height) / 2,
      };
    const { m41, m42 } = new DOMMatrix(style.transform);
    const own = new DOMRect(place.x + m41, place.y + m42, width, height);
    paintBox(this.brush, own, style);
    const sign = element.dataset.sign ?? content.match(/^"(.*)"$/s)?.[1];
    if (!sign || (which === "::after" && position !== "absolute")) return;
    Object.assign(this.brush, { font: fontOf(style), fillStyle: style.color, textBaseline: "middle" });
    this.brush.textAlign = isAlone && !width ? "center" : "left";
    this.brush.fillText(sign, place.x, box.y + box.height / 2);
  }

  /** Extends the picture to a box. */
  reach(box) {
    this.right = Math.max(this.right, box.right);
    this.bottom = Math.max(this.bottom, box.bottom);
  }
}

/** Paints the ground and the edges of a box; returns whether it has any. */
function paintBox(brush, box, style) {
  const { x, y, width, height } = box;
  if (!width || !height) return false;
  const radius = Math.min(parseFloat(style.borderTopLeftRadius) || 0, width / 2);
  const round = style.borderTopLeftRadius.endsWith("%") ? Math.min(width, height) / 2 : radius;
  const fill = fillOf(brush, box, style);
  brush.beginPath();
  brush.roundRect(x, y, width, height, round);
  if (fill) Object.assign(brush, { fillStyle: fill }).fill();
  const edges = SIDES.filter((side) =>
    style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`])
  );
  const clear = edges.every((side) => isClear(style[`border${side}Color`]));
  if (edges.length === SIDES.length && !clear) {
    Object.assign(brush, { strokeStyle: style.borderTopColor, lineWidth: parseFloat(style.borderTopWidth) }).stroke();
  } else for (const side of edges) paintEdge(brush, box, style, side);
  if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth)) {
    Object.assign(brush, { strokeStyle: style.outlineColor, lineWidth: parseFloat(style.outlineWidth) }).stroke();
  }
  return Boolean(fill) || (edges.length > 0 && !clear);
}

/** Paints the line that a shadow without blur draws around a box; in a picture it lies inside, where nothing cuts it off. */
function paintRing(brush, { x, y, width, height }, { boxShadow, borderTopLeftRadius }) {
  const [, colour, wide] = boxShadow.match(/^(\S.*\)) 0px 0px 0px ([\d.]+)px( inset)?$/) ?? [];
  if (!colour || !width) return;
  const thick = parseFloat(wide);
  const round = Math.max(0, parseFloat(borderTopLeftRadius) - thick / 2);
  brush.beginPath();
  brush.roundRect(x + thick / 2, y + thick / 2, width - thick, height - thick, round);
  Object.assign(brush, { strokeStyle: colour, lineWidth: thick }).stroke();
}

function paintEdge(brush, { x, y, right, bottom, width, height }, style, side) {
  const thick = parseFloat(style[`border${side}Width`]);
  brush.fillStyle = style[`border${side}Color`];
  const left = side === "Right" ? right - thick : x;
  const top = side === "Bottom" ? bottom - thick : y;
  const isUpright = ["Left", "Right"].includes(side);
  brush.fillRect(left, top, isUpright ? thick : width, isUpright ? height : thick);
}

const isClear = (colour) => /^rgba\(.*, 0\)$|\/ 0\)$|^transparent$/.test(colour);

/** Colour of a box, the colours of its gradient from left to right, or its lines; null for none. */
function fillOf(brush, { x, y, right, bottom, width, height }, { backgroundImage, backgroundColor }) {
  const colours = backgroundImage.match(COLOUR) ?? [];
  if (colours.length && backgroundImage.startsWith("repeating")) return hatched(brush, colours[0]);
  if (!colours.length || backgroundImage.split("gradient").length !== 2) {
    return isClear(backgroundColor) ? null : backgroundColor;
  }
  const gradient = width > height
    ? brush.createLinearGradient(x, 0, right, 0)
    : brush.createLinearGradient(0, bottom, 0, y);
  colours.forEach((colour, i) => gradient.addColorStop(i / Math.max(1, colours.length - 1), colour));
  return gradient;
}

function hatched(brush, colour) {
  const tile = h("canvas", { width: HATCH, height: HATCH });
  const context = tile.getContext("2d");
  Object.assign(context, { strokeStyle: colour, lineWidth: HATCH / 3 });
  for (const shift of [-HATCH, 0, HATCH]) {
    context.moveTo(shift, HATCH);
    context.lineTo(shift + HATCH, 0);
  }
  context.stroke();
  return brush.createPattern(tile, "repeat");
}

/** The shorthand is empty where the figures are of one width. */
const fontOf = ({ fontStyle, fontWeight, fontSize, fontFamily }) =>
  `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;

/** Writes a text word by word, as a line may break between any two or at a hyphen; returns the box of all of it. */
function writeText(brush, text) {
  const range = document.createRange();
  const style = getComputedStyle(text.parentElement);
  Object.assign(brush, { font: fontOf(style), fillStyle: style.color, textAlign: "left", textBaseline: "middle" });
  for (const { 0: word, index } of text.data.matchAll(/[^\s-]+-?|-/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getBoundingClientRect();
    if (box.width) writeWord(brush, word, box, style.writingMode.startsWith("vertical"));
  }
  range.selectNodeContents(text);
  const { width, right, bottom } = range.getBoundingClientRect();
  return width ? { right, bottom } : { right: -Infinity, bottom: -Infinity };
}

/** Writes a word into its box, from its left, or from its top where it stands upright. */
function writeWord(brush, word, { x, y, width, height }, isUpright) {
  if (!isUpright) return brush.fillText(word, x, y + height / 2);
  brush.save();
  brush.translate(x + width / 2, y);
  brush.rotate(Math.PI / 2);
  brush.fillText(word, 0, 0);
  brush.restore();
}

/** Writes the words of an element where they stand. */
export function writeWords(brush, element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: holder } = texts.currentNode;
    if (holder.checkVisibility({ visibilityProperty: true }) && !holder.closest(ACTIONS)) {
      writeText(brush, texts.currentNode);
    }
  }
}
