/** One family in the comparison: its images, how far it has come, what that cost, or why it cannot. */

import { fill, h, setText } from "../kit/base/dom.js";
import { dim } from "../kit/panel/parts.js";

/** @typedef {ReturnType<typeof createColumn>} Column */

/**
 * The column of a family, which stands out where it is lit: `figures` shows its figures, and `tiles` its x. `refuse`
 * says why it gives no answer, null where it does; `wait` has words over the empty place of its x, and `say` a note.
 * @param {Net["column"]} family
 * @param {{figures: HTMLElement & {set(rows: FigureRow[]): void}, tiles: any}} how
 */
export function createColumn(family, { figures, tiles }) {
  const reach = h("span", { class: "way-reach" });
  const [words, reason, waits] = [h("p", { class: "note" }), h("p"), h("p", { class: "family-waits" })];
  const cannot = h("details", { class: "cannot", open: true }, h("summary", {}, "∅ cannot"), reason);
  const way = h("div", { class: "way" }, reach);
  const answer = h("div", { class: "family-answer" }, tiles.element, waits, way, figures, tiles.legend?.element);
  const title = h("h2", { "data-group": family.group }, family.title);
  const head = h("div", { class: "family-head" }, title, h("span", { class: "note" }, family.pixels ?? ""));
  const look = { class: family.lit ? "family lit" : "family", "aria-label": family.title };
  return {
    ...{ family, figures, tiles, words, cannot },
    element: h("section", look, head, cannot, answer, words),
    /** @param {string | null} why */
    refuse(why) {
      cannot.hidden = why === null;
      answer.hidden = why !== null;
      setText(reason, why ?? "");
    },
    /** @param {string} text */
    wait(text) {
      setText(waits, text);
      waits.hidden = text === "";
    },
    /** @param {string} text */
    say(text) {
      setText(words, text);
      words.hidden = text === "";
    },
    /**
     * Shows an x at a share of its way; `told` says so to a screen reader. `there` flags the drawn parts of an x; `old`
     * says that they answer an earlier question.
     */
    show({ x, there, share, told, old }) {
      tiles.show(x, there, told);
      dim(tiles.element, old);
      reach.style.width = `${100 * share}%`;
    },
  };
}

/** Number of columns side by side; more take several rows. */
const ABREAST = 6;
/** The same for scenes, which are larger. */
const SCENES_ABREAST = 3;

/** With more columns than this, there is room for one image of each. */
export const CROWD = 8;

/**
 * Replaces the columns on screen; `beside` stands before them.
 * @param {HTMLElement} element @param {Column[]} columns @param {Child | Child[]} beside
 */
export function fillColumns(element, columns, beside) {
  const lie = columns.some(({ family }) => family.settings); // settings of one network are rows
  const many = columns.length > ABREAST && !lie;
  const abreast = columns.some(({ family }) => family.space === "colour") && !lie ? SCENES_ABREAST : columns.length;
  const side = many ? Math.min(ABREAST, Math.ceil(columns.length / 2)) : Math.min(abreast, columns.length);
  element.style.setProperty("--families", side);
  element.classList.toggle("settings", lie);
  element.classList.toggle("many", many);
  for (const { cannot } of columns) cannot.open = !many; // beside many others the reason waits to be asked for
  const crowded = columns.length > CROWD;
  element.classList.toggle("crowded", crowded);
  if (crowded) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
  element.classList.toggle("led", beside !== null && !lie);
  element.classList.toggle("alone", columns.length === 1);
  fill(element, beside, columns.map((column) => column.element));
}
