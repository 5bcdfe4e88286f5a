/** Elements without markup strings: text always goes in as text, in the language of the page. */

import { whenever } from "./live.js";

/** A text in the language of the page; anything else as it is. @template {Child} T @param {T} text @returns {T} */
export const say = (text) => globalThis.explorerSay?.(text) ?? text;

const TOLD = ["title", "aria-label", "aria-valuetext", "placeholder", "alt"];

/**
 * `h("button", {class: "chip", onclick: save, "aria-label": "Save"}, "Save")`
 *
 * Attributes that start with `on` are listeners; true sets an empty attribute; false, null and undefined set none. With
 * `translate: "no"`, the text stays as it is, such as a text of the visitor. Another attribute or a child that is a
 * function stays what this returns.
 * @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {Attributes} attributes @param {Children}
 * children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (typeof value === "function") whenever(() => setAttribute(element, name, value()));
    else setAttribute(element, name, value);
  }
  element.append(...shown(children, attributes?.translate === "no"));
  return element;
}

function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : TOLD.includes(name) ? say(value) : value);
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of a drawing.
 * @template {keyof SVGElementTagNameMap} Tag @param {Tag} tag @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * The children that an element gets: texts in the language of the page, unless they stay `as` they are.
 * @param {Children} children @returns {(Node | string)[]}
 */
function shown(children, as = false) {
  const there = children.flat().filter((child) => child !== null && child !== undefined && child !== false);
  const made = there.map((child) => (typeof child === "function" ? textOf(child, as) : as ? child : say(child)));
  return /** @type {(Node | string)[]} */ (made); // a number is appended as its text
}

/** A text that stays what `words()` returns. @param {() => any} words @param {boolean} as */
function textOf(words, as) {
  const node = document.createTextNode("");
  whenever(() => (node.data = as ? words() : say(words())));
  return node;
}

/** Replaces all children. @template {Element} E @param {E} element @param {Children} children */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
  return element;
}

/**
 * Sets text only where it changed, so that a live region does not repeat itself.
 * @param {Element} element @param {Child} text
 */
export function setText(element, text) {
  const said = String(say(text) ?? "");
  if (element.textContent !== said) element.textContent = said;
}

/**
 * True if a key is pressed with one that makes it the browser's, as in Alt and ←, the way back.
 * @param {Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey">} event
 */
export const isBrowsers = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;

/**
 * Adds a style sheet to the page; `name` is relative to the module at `base`.
 * @param {string} name @param {string} base
 */
export const styled = (name, base) => document.head.append(h("link", { rel: "stylesheet", href: new URL(name, base) }));

const ASKS = ".stage.asks, .course-asks .stage"; // as in tour.css: what is seen would answer what a lesson asks
/** @type {WeakMap<Element, (asks: boolean) => void>} */
const writers = new WeakMap(); // by its element, what sets its words, or leaves them out

/**
 * Has `write(asks)` set the words of an element, now and whenever its stage begins or ends to ask.
 * @param {HTMLElement} element @param {(asks: boolean) => void} write
 */
export function setWords(element, write) {
  element.dataset.words = "";
  writers.set(element, write);
  write(element.closest(ASKS) !== null);
}

/**
 * Names an element for a screen reader: its label, and words about its content, which may come later.
 * @param {HTMLElement} element @param {string} label
 */
export function setName(element, label, words = "") {
  const name = `${label}${/\.$/.test(label) ? "" : ":"} ${words}`;
  if (words) return setWords(element, (asks) => element.setAttribute("aria-label", say(asks ? label : name)));
  writers.delete(element); // words of earlier do not come back
  element.setAttribute("aria-label", say(label));
}

/** Sets a text that is heard alone; returns whether it is new. @param {HTMLElement} element @param {string} text */
export function tell(element, text) {
  const before = element.textContent;
  setWords(element, (asks) => setText(element, asks ? "" : text));
  return element.textContent !== before;
}

/** Sets the words of all pictures in an element once more, as its stage begins or ends to ask. @param {ParentNode} root */
export const tellAgain = (root) =>
  root.querySelectorAll("[data-words]").forEach((each) => writers.get(each)?.(Boolean(each.closest(ASKS))));

/** @param {Child} label @param {(event: MouseEvent) => void} onclick @param {ButtonLook} look */
export function button(label, onclick, { title, kind = "plain", pressed, disabled } = {}) {
  return h(
    "button",
    {
      type: "button",
      class: `button ${kind}`,
      onclick,
      title,
      "aria-pressed": pressed === undefined ? null : String(pressed),
      disabled,
    },
    label,
  );
}

/**
 * A button with a sign on it, which `label` names.
 * @param {string} sign @param {string} label @param {(event: MouseEvent) => void} onclick
 */
export function signButton(sign, label, onclick) {
  const element = button(null, onclick, { kind: "plain sign", title: label });
  element.dataset.sign = sign;
  setName(element, label);
  return element;
}

/**
 * Asks again for what did not arrive; while a mode shows one of its own, the status line shows none.
 * @param {() => void} again @param {string} [title]
 */
export function tryAgain(again, title) {
  const made = button("Try again", again, { title });
  made.classList.add("again");
  return made;
}

/**
 * A labelled choice; `options` is a list of [value, text].
 * @param {string} label @param {[string | number, string][]} options @param {string | number} value
 * @param {(value: string) => void} onchange
 */
export function select(label, options, value, onchange) {
  const input = h("select", { "aria-label": label }, options.map(([key, text]) => h("option", { value: key }, text)));
  input.value = String(value);
  input.addEventListener("change", () => onchange(input.value));
  return Object.assign(h("label", { class: "select" }, h("span", {}, label), input), { input });
}

/**
 * A labelled box for the whole number of a `field`. A value outside its bounds is not reported: the last valid one
 * returns, and a sentence states the bounds. `.set(value)` shows a value unless the visitor is typing.
 * @param {string} label @param {{field: Field, onchange: (value: number) => void}} what
 */
export function numberBox(label, { field, onchange }) {
  const { low: min, high: max, help: title } = field;
  const input = h("input", { type: "number", inputmode: "numeric", min, max, step: 1, title, "aria-label": label });
  const wanted = h("span", { class: "wanted", role: "status" });
  let shown = "";
  const set = (value) => {
    if (value !== shown) setText(wanted, "");
    shown = value;
    if (document.activeElement !== input) input.value = value;
  };
  input.addEventListener("change", () => {
    const next = Number(input.value);
    const good = input.value !== "" && Number.isInteger(next) && next >= min && next <= max;
    setText(wanted, good ? "" : `Wanted: a whole number from ${min} to ${max.toLocaleString("en")}.`);
    if (good) onchange(next);
    else input.value = shown;
  });
  return Object.assign(h("label", { class: "number-box" }, h("span", {}, label), input, wanted), { set });
}

/** Name of a headline that is a sentence, as in Python (`Finding`). */
export const FINDING = "finding";

/**
 * A list of [name, value, unit] in tabular numbers; `.set(rows)` changes the values and keeps the elements.
 * @param {FigureRow[]} rows
 */
export function figures(rows) {
  const cells = rows.map(([name]) => ({
    name: h("dt", {}, name),
    value: h("span"),
    unit: h("span", { class: "unit" }),
  }));
  const items = cells.map(({ name, value, unit }) => h("div", {}, name, h("dd", { class: "number" }, value, unit)));
  const set = (next) =>
    next.forEach(([name, value, unit], i) => {
      items[i].classList.toggle("finding", name === FINDING);
      setText(cells[i].name, name);
      setText(cells[i].value, value);
      setText(cells[i].unit, unit ? ` ${unit}` : "");
    });
  set(rows);
  return Object.assign(h("dl", { class: "figures" }, items), { set });
}

/**
 * Pixels of the window for one of an element's own: above 1 in a large window, and to present.
 * @param {HTMLElement} element
 */
export const zoomOf = (element) =>
  element.currentCSSZoom ?? (Math.round(100 * element.getBoundingClientRect().width / element.offsetWidth) / 100 || 1);

/** True while someone presents. */
export const presents = () => document.documentElement.classList.contains("projector");

const PRESENTED = 18.2; // the size of letters on a picture there, as in present.css

/** Font of the letters on a picture, so large in pixels unless someone presents. @param {number} size */
export const lettering = (size, weight = 400) => `${weight} ${presents() ? PRESENTED : size}px system-ui, sans-serif`;

/** Pixels at the foot of the window that the bar of a course covers. */
export const courseHeight = () => parseFloat(document.documentElement.style.getPropertyValue("--course")) || 0;

/**
 * Place of an event in an element, in the element's own pixels.
 * @param {HTMLElement} element @param {{clientX: number, clientY: number}} event @returns {[x: number, y: number]}
 */
export function placeIn(element, { clientX, clientY }) {
  const { left, top } = element.getBoundingClientRect();
  const place = [clientX - left, clientY - top].map((value) => value / zoomOf(element));
  return /** @type {[number, number]} */ (place);
}

/**
 * Returns a function that says whether a part of an element is on screen, or wanted for a handout whoever sees it.
 * @param {Element} element
 */
export function sightOf(element) {
  let inSight = true;
  new IntersectionObserver((entries) => (inSight = entries.at(-1).isIntersecting)).observe(element);
  return () => (inSight && !document.hidden) || document.querySelector("body > .handout") !== null;
}
