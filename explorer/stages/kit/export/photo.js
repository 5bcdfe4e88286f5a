/** A part of the page as a picture: its canvases and its words, as they lie on it. */

import { h } from "../base/dom.js";

const ACTIONS = ".button:not([aria-pressed])"; // these are not on paper
const DENSE = 2; // of the picture's pixels for one of the page's

/** Picture of an element without its controls; null where none of its canvases `isShown`. */
export function photo(element, isShown = () => true) {
  const canvases = [...element.querySelectorAll("canvas")].filter(isShown);
  if (!canvases.length) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  const paper = h("canvas", { width: DENSE * width, height: DENSE * height });
  const brush = paper.getContext("2d");
  brush.scale(DENSE, DENSE);
  brush.fillStyle = getComputedStyle(document.body).backgroundColor;
  brush.fillRect(0, 0, width, height);
  brush.translate(-left, -top);
  for (const canvas of canvases) {
    const box = canvas.getBoundingClientRect();
    brush.imageSmoothingEnabled = canvas.width > box.width;
    brush.drawImage(canvas, box.x, box.y, box.width, box.height);
  }
  writeWords(brush, element);
  return paper;
}

/** Writes the words of an element where they stand, one by one, as a line may break between any two or at a hyphen. */
export function writeWords(brush, element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  brush.textBaseline = "middle";
  while (texts.nextNode()) {
    const { currentNode: text } = texts;
    const { parentElement: holder } = text;
    if (!holder.checkVisibility({ visibilityProperty: true }) || holder.closest(ACTIONS)) continue;
    const { font, color } = getComputedStyle(holder);
    Object.assign(brush, { font, fillStyle: color });
    for (const { 0: word, index } of text.data.matchAll(/[^\s-]+-?|-/g)) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const { x, y, height } = range.getBoundingClientRect();
      brush.fillText(word, x, y + height / 2);
    }
  }
}
