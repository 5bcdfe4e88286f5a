/** Parts behind *More*: closed at first; opened once, they are open in every mode, and this browser remembers it. */

import { button, figures, h, setText } from "../base/dom.js";
import { leadOf } from "../base/format.js";
import { recall, remember } from "../base/kept.js";
import { atEnd } from "../base/live.js";

const KEY = "explorer-more";
const kept = () => [recall(KEY)].filter(Array.isArray).flat();
const open = new Set(kept());
const followers = { words: new Set(), numbers: new Set(), controls: new Set(), seed: new Set() };

/** Says on the page which kinds are open, for what comes with *more* or with *All numbers* elsewhere. */
const mark = () => (document.documentElement.dataset.shows = [...open].join(" "));

function toggle(kind) {
  if (!open.delete(kind)) open.add(kind);
  const others = kept().filter((each) => each !== kind); // as another page of this browser left them
  remember(KEY, open.has(kind) ? [...others, kind] : others);
  mark();
  for (const follow of followers[kind]) follow();
}

/** A button that opens and closes all that is of a kind; `show(isOpen)` shows or hides what belongs to this one. */
export function createMore(kind, [closed, opened], show) {
  const element = button(closed, () => toggle(kind), { kind: "more" });
  const follow = () => {
    const isOpen = open.has(kind);
    setText(element, isOpen ? opened : closed);
    element.setAttribute("aria-expanded", String(isOpen));
    show(isOpen);
  };
  followers[kind].add(follow);
  atEnd(() => followers[kind].delete(follow));
  mark();
  follow();
  return element;
}

/** A paragraph with its first sentence in sight, and a button at its end that shows the others. */
export function createSentences(attributes) {
  const [first, rest] = [h("span"), h("span")];
  const more = createMore("words", ["more", "less"], (isOpen) => (rest.hidden = !isOpen));
  const set = (words) => {
    const lead = leadOf(words);
    setText(first, lead);
    first.classList.toggle("is-part", !/[.!?]$/.test(lead));
    setText(rest, words.slice(lead.length));
    more.hidden = lead.length === words.length;
  };
  return { element: h("p", attributes, first, rest), more, set };
}

/** Value of a headline that has no number yet. */
export const NOTHING = "–";

/**
 * Figures with one large one, above appended content; the number of rows may change later.
 * @param {number} [chief] @param {(rows: Element[]) => void} [onRows]
 */
export function createHead(chief = 0, onRows = () => {}) {
  const element = h("div", { class: "headline" });
  let list = null;
  const set = (rows) => {
    element.classList.toggle("awaited", !rows[chief]?.[1] || rows[chief][1] === NOTHING);
    if (list?.children.length === rows.length) return list.set(rows);
    list?.remove();
    list = figures(rows);
    list.children[chief]?.classList.add("chief");
    element.prepend(list);
    onRows([...list.children]);
  };
  return Object.assign(element, { set });
}

/** A headline whose other figures come with *All numbers*, and so do `tables`. */
export function headline(rows, chief, ...tables) {
  let [listed, shown] = [[], false];
  const hide = () => listed.forEach((row, i) => (row.hidden = i !== chief && !shown));
  const element = createHead(chief, (all) => {
    listed = all;
    hide();
  });
  element.set(rows);
  const more = createMore("numbers", ["All numbers", "Fewer numbers"], (isOpen) => {
    shown = isOpen;
    hide();
    for (const table of tables) table.hidden = !isOpen;
  });
  element.append(more, ...tables);
  return element;
}

/** Less used controls. */
export function moreControls(...controls) {
  const element = h("div", { class: "more-controls" }, ...controls);
  const more = createMore("controls", ["More controls", "Fewer controls"], (isOpen) => (element.hidden = !isOpen));
  return h("div", { class: "folded" }, more, element);
}
