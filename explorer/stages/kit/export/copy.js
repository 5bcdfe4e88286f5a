/** A copy of a part of the page that stands alone: computed styles in place of the page's sheets, images of canvases. */

import { h } from "../base/dom.js";

/* not on paper */
const ACTIONS =
  ".button:not([aria-pressed], th *), .film-controls, .queue, input:not([type=number]), select, details:not([open]), .spoken";
const STRANGE = "video, audio, iframe, object, embed";
const STILL = /^(--|animation|transition|will-change|cursor|content-visibility|view-transition|all$)/;
const ROUNDED = ["width", "height"]; // of which the browser tells fewer digits than it lays out with
const PARTS = ["::before", "::after"];
const GRAINS = 64; // of the browser's layout in a pixel
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu; // in XML

/** A part of the page that a picture cannot show. */
class Undrawable extends Error {}

/** @type {WeakMap<CSSStyleSheet, Set<string>>} */
const known = new WeakMap(); // properties that a sheet sets, by the sheet

/** Names of the properties that any sheet of the page sets: all others are as the browser's own sheet has them. */
function propertiesOfPage() {
  const names = new Set(["width", "height", "display", "visibility", "position", "overflow-x", "overflow-y"]);
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    if (!known.has(sheet)) known.set(sheet, propertiesOf(sheet.cssRules));
    for (const name of known.get(sheet)) names.add(name);
  }
  return names;
}

function propertiesOf(rules) {
  const names = new Set();
  for (const { style, cssRules } of rules) {
    for (const name of style ?? []) if (!STILL.test(name)) names.add(name);
    for (const name of cssRules ? propertiesOf(cssRules) : []) names.add(name);
  }
  return names;
}

/** Copies elements; equal styles become one class. `only` selects what is seen, if not all is. */
class Copier {
  /** @param {HTMLElement} root @param {string | null} only @param {boolean} canvases */
  constructor(root, only, canvases) {
    this.root = root;
    this.only = only;
    this.canvases = canvases;
    this.names = propertiesOfPage();
    for (const { style } of [root, ...root.querySelectorAll("[style]")]) {
      for (const name of style) if (!STILL.test(name)) this.names.add(name);
    }
    /** @type {Map<string, {name: string, rules: string[]}>} */
    this.classes = new Map(); // their names, by their rules
  }

  /** A copy of an element and all in it; null where it is not displayed. */
  copy(element, { hidden = false, seen = !this.only } = {}) {
    const style = getComputedStyle(element);
    if (style.display === "none") return null;
    if (element.matches(STRANGE)) throw new Undrawable(element.localName);
    const [isHidden, isSeen] = [hidden || element.matches(ACTIONS), seen || element.matches(this.only)];
    const twin = twinOf(element, this.canvases);
    twin.removeAttribute("style");
    twin.setAttribute("class", this.classOf(element, style, isHidden || !isSeen));
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) twin.append(child.data.replace(UNSPEAKABLE, "\ufffd"));
      else if (child.nodeType === Node.ELEMENT_NODE) {
        twin.append(...[this.copy(child, { hidden: isHidden, seen: isSeen })].filter(Boolean));
      }
    }
    return twin;
  }

  classOf(element, style, hidden) {
    const all = [this.rule(style), ...PARTS.map((part) => this.ruleOfPart(element, part))];
    if (style.display.endsWith("table") || sinks(element)) all[0] += "height:auto;"; // a table's has its caption in it
    const rules = hidden ? all.map((rule) => rule && `${rule}visibility:hidden;`) : all;
    if (element === this.root) rules[0] += "margin:0;position:relative;inset:auto;transform:none;float:none";
    const key = rules.join("}");
    if (!this.classes.has(key)) this.classes.set(key, { name: `k${this.classes.size}`, rules });
    return this.classes.get(key).name;
  }

  /** @param {CSSStyleDeclaration} style */
  rule(style) {
    let text = "";
    for (const name of this.names) {
      const value = style.getPropertyValue(name);
      if (value) text += `${name}:${ROUNDED.includes(name) ? toGrain(value) : value};`;
    }
    if (style.position === "sticky") text += "position:relative;inset:auto;";
    for (const axis of ["x", "y"]) {
      if (["auto", "scroll"].includes(style[`overflow${axis.toUpperCase()}`])) text += `overflow-${axis}:hidden;`;
    }
    return text;
  }

  ruleOfPart(element, part) {
    const style = getComputedStyle(element, part);
    return ["none", "normal"].includes(style.content) ? "" : this.rule(style);
  }

  /** The style sheet of the copies. */
  sheet() {
    const of = ({ name, rules: [own, ...parts] }) =>
      [`.${name}{${own}}`, ...PARTS.map((part, i) => parts[i] && `.${name}${part}{${parts[i]}}`)].join("");
    return `*,*::before,*::after{animation:none;transition:none}${[...this.classes.values()].map(of).join("")}`;
  }
}

const toGrain = (value) => /^[\d.]+px$/.test(value) ? `${Math.round(parseFloat(value) * GRAINS) / GRAINS}px` : value;

/** True if the margin of its last child lies below an element, which it does only where no height is set. */
function sinks(element) {
  const last = [...element.children].findLast((child) => {
    const { display, position } = getComputedStyle(child);
    return display !== "none" && !["absolute", "fixed"].includes(position);
  });
  if (!last || getComputedStyle(element).display !== "block") return false;
  const [outer, inner] = [element, last].map((each) => each.getBoundingClientRect().bottom);
  return Math.abs(outer - inner) < 1 / GRAINS && (parseFloat(getComputedStyle(last).marginBottom) > 0 || sinks(last));
}

/**
 * The element without what is in it; what it has drawn or been given as an attribute. @param {boolean} canvases false
 * leaves canvases empty
 */
function twinOf(element, canvases) {
  if (element instanceof HTMLCanvasElement) {
    return canvases
      ? imageOf(element, element.width, element.height)
      : h("canvas", { width: element.width, height: element.height });
  }
  if (element instanceof HTMLImageElement) return imageOf(element, element.naturalWidth, element.naturalHeight);
  const twin = element.cloneNode(false);
  if (element instanceof HTMLInputElement) {
    twin.setAttribute("value", element.value);
    twin.toggleAttribute("checked", element.checked);
  }
  if (element instanceof HTMLTextAreaElement) twin.append(element.value);
  return twin;
}

/** An image of what a canvas or an image shows. */
function imageOf(shown, width, height) {
  const image = h("img", { width, height });
  if (!width || !height) return image;
  const canvas = shown instanceof HTMLCanvasElement ? shown : h("canvas", { width, height });
  if (canvas !== shown) canvas.getContext("2d").drawImage(shown, 0, 0);
  image.src = canvas.toDataURL();
  return image;
}

/**
 * {copy, sheet} of an element, as it is at this moment. `only` selects what is seen of it, if not all is.
 * @param {HTMLElement} element @param {string | null} only @param {boolean} canvases false leaves canvases empty
 */
export function copyOf(element, only = null, canvases = true) {
  const copier = new Copier(element, only, canvases);
  const copy = copier.copy(element);
  return { copy, sheet: copier.sheet() };
}
