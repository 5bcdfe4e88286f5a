/** Parts of the side panels. */

import { button, fill, h, setText } from "../base/dom.js";
import { createSentences } from "./more.js";
import { createSpeaker } from "../base/frame.js";
import { rove } from "../base/rove.js";

export const EARLIER = 0.4; // opacity of what belongs to an earlier question
const [LETTER, PADDED, ROW] = [6.8, 10, 292]; // pixels: of a choice's letter, around its text, and of all in a row

export const withArticle = (name) => `${/^[8aeiou]/i.test(name) ? "an" : "a"} ${name}`;

/**
 * Replaces what is in a mode's side panel by these parts, one below the other. A headline number stands first, and its
 * sentence under it; a sentence without a number keeps its place.
 */
export function fillPanel({ panel }, ...parts) {
  const all = parts.flat(Infinity);
  const called = (name) => all.find((part) => part?.classList?.contains(name));
  const head = called("headline");
  const leading = head ? [head, called("seen")] : [];
  fill(panel, h("div", { class: "mode-body" }, leading, all.filter((part) => !leading.includes(part))));
}

/** Hint while there is nothing to show. */
export const empty = (...content) => h("p", { class: "empty" }, ...content);

/**
 * The live text: a sentence with the model's own numbers, and more of them on demand. Returns a function that sets it;
 * it is read aloud once it rests, and not while what it tells of is `moving`.
 */
export function createSeen() {
  const text = createSentences({ "aria-live": "polite" });
  const element = h("div", { class: "seen" }, h("h2", { class: "spoken" }, "What you see"), text.element, text.more);
  let now = null; // the sentence that may be read aloud
  let told = null; // the one that was
  const speak = createSpeaker(text.element, () => {
    if (!now) return false;
    text.element.setAttribute("aria-live", "polite");
    if (now === told) return false;
    told = now;
    text.set("");
    text.set(now);
    return true;
  });
  const say = (words, moving = false) => {
    now = moving ? null : words;
    if (words === "") told = null;
    text.element.setAttribute("aria-live", "off");
    text.set(words);
    speak(words);
    element.classList.toggle("is-blank", words === "");
  };
  say("");
  return Object.assign(say, { element });
}

/** Dims an element that belongs to an earlier state. */
export const dim = (element, on) => (element.style.opacity = on ? EARLIER : "");

/**
 * Dims all that a mode shows of its answer, which are `dims`, the headline and the sentence, or none of it.
 * @param {{dims: (Element | null)[], numbers?: Element | null, seen?: any}} shown @param {boolean} on
 */
export function dimAnswer({ dims, numbers, seen }, on) {
  for (const element of [...dims, numbers, seen?.element]) if (element) dim(element, on);
}

/** Number of choices in a row of the panel, so that none is left alone in the last row. */
function acrossOf(texts) {
  const wide = texts.reduce((sum, text) => sum + LETTER * text.length + PADDED, 0);
  return Math.ceil(texts.length / Math.ceil(wide / ROW));
}

/** One choice among a few, as buttons side by side; `set` shows the choice. */
export function segmented(label, options, onchoose) {
  const buttons = options.map((
    [value, text],
  ) => [value, button(text, () => onchoose(value), { kind: "segment", pressed: false })]);
  const element = h(
    "div",
    { class: "segments", role: "group", "aria-label": label },
    buttons.map(([, element]) => element),
  );
  const across = acrossOf(options.map(([, text]) => text));
  if (across < options.length) element.style.setProperty("--across", across);
  rove(element);
  const set = (chosen) => {
    for (const [value, element] of buttons) element.setAttribute("aria-pressed", String(value === chosen));
  };
  const offer = (values) => {
    for (const [value, element] of buttons) element.hidden = !values.includes(value);
  };
  return Object.assign(element, { set, offer });
}

/** Such a choice of the value of a key of the store. */
export const keySegments = ({ store }, key, label, options) =>
  segmented(label, options, (value) => store.commit({ [key]: value }));

const waits = new WeakMap();

/** Disables a button while `work` runs, and says on it what is happening; works may overlap. */
export async function whileBusy(element, work, words = null) {
  const wait = waits.get(element) ?? { label: element.textContent, works: 0 };
  waits.set(element, wait);
  wait.works++;
  setText(element, words ?? wait.label);
  element.disabled = true;
  element.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    if (--wait.works === 0) {
      waits.delete(element);
      setText(element, wait.label);
      element.disabled = false;
      element.removeAttribute("aria-busy");
    }
  }
}

/** An image under which stands what it is. */
export function captioned(canvas, text) {
  const caption = h("figcaption", {}, text);
  return Object.assign(h("figure", { class: "captioned" }, canvas, caption), { caption });
}

/** Details below the headline: closed until their title is chosen. */
export const onDemand = (title, ...content) => h("details", { class: "on-demand" }, h("summary", {}, title), content);

/** A table of numbers: the first row and the first column are names. */
export function numberTable(label, head, rows) {
  const cells = (row) => row.slice(1).map((text) => h("td", {}, text));
  return h(
    "table",
    { class: "numbers", "aria-label": label },
    h("thead", {}, h("tr", {}, head.map((text) => (text ? h("th", { scope: "col" }, text) : h("td"))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row[0]), cells(row)))),
  );
}

/** Calls `work` once the calls have paused for `wait` milliseconds. */
export function debounce(work, wait) {
  let timer = null;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
}
