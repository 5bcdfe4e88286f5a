/**
 * Words with formulas between dollar signs, as in the text below a stage: KaTeX sets them in MathML. The words are a
 * stranger's: they are never read as HTML, a formula has a bounded length, and one that cannot be set shows its source.
 */

import { fill, h, setText } from "../kit/base/dom.js";

const LONGEST = 300; // letters of a formula
const MOST = 12; // formulas of a text
const LEAST = 0.6; // of the size of its letters
const FORMULA = /\$\$([^$]+)\$\$|\$([^\s$](?:[^$\n]*[^\s$])?)\$/g;
const HOW = { output: "mathml", throwOnError: true, strict: "ignore", maxExpand: 100, maxSize: 10 };

/** @typedef {{tex: string, display: boolean, source: string}} Formula */

/**
 * The words and the formulas of a text, in their order; what is too long, or one too many, stays words.
 * @param {string} text @returns {(string | Formula)[]}
 */
function partsOf(text) {
  const parts = [];
  let [from, count] = [0, 0];
  for (const found of text.matchAll(FORMULA)) {
    const [source, display, inline] = found;
    if (source.length > LONGEST || ++count > MOST) continue;
    parts.push(text.slice(from, found.index), { tex: display ?? inline, display: display !== undefined, source });
    from = found.index + source.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

/** @type {Promise<any> | null} */
let drawer = null;
/** @type {WeakMap<Element, string>} */
const wanted = new WeakMap();

/** KaTeX, to which the import map of the page leads. @returns {Promise<any>} */
const katex = async () => (await import(import.meta.resolve("katex"))).default;

/** What a formula may not do: lead elsewhere, load a picture, or name a class. */
function refuse({ command }) {
  throw new Error(`${command} is not for formulas of a course`);
}

/** @param {any} drawn KaTeX @param {Formula} formula */
function element(drawn, { tex, display, source }) {
  const found = h("span", { class: display ? "formula display" : "formula" });
  try {
    drawn.render(tex, found, { ...HOW, displayMode: display, trust: refuse });
    return found;
  } catch {
    return source;
  }
}

/** Gives a formula that is wider than its place a line of its own, and smaller letters. @param {HTMLElement} formula */
function narrow(formula) {
  const share = formula.clientWidth / formula.scrollWidth;
  if (!(share < 1)) return;
  formula.classList.add("display");
  formula.style.fontSize = `${Math.max(LEAST, share)}em`;
}

/**
 * Sets the words of an element with its formulas, their source until they are set; returns the element.
 * @template {HTMLElement} Of @param {Of} of @param {string} text @returns {Of}
 */
export function setFormulas(of, text) {
  if (wanted.get(of) === text && of.querySelector(".formula")) return of; // it says so
  wanted.set(of, text);
  setText(of, text);
  const parts = partsOf(text);
  if (parts.some((part) => typeof part !== "string")) draw(of, text, parts);
  return of;
}

/** @param {HTMLElement} of @param {string} text @param {(string | Formula)[]} parts */
async function draw(of, text, parts) {
  try {
    drawer ??= katex();
    const drawn = await drawer;
    if (wanted.get(of) !== text) return; // other words have come
    fill(of, parts.map((part) => typeof part === "string" ? part : element(drawn, part)));
    for (const each of of.querySelectorAll(".formula")) narrow(each);
  } catch {
    drawer = null; // it has not come: the source stays, and the next words try again
  }
}
