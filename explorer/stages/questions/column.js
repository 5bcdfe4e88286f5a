/** One family in the comparison: its images, how far it has come, what that cost, or why it cannot. */

import { fill, h, setText } from "../kit/base/dom.js";
import { dim } from "../kit/panel/parts.js";

/**
 * The class of an element about a family; it stands out where the family is lit.
 * @param {string} name @param {Net["column"]} family
 */
const classOf = (name, { lit }) => (lit ? `${name} lit` : name);

export class Column {
  /**
   * `figures` shows its figures, and `wall` its x.
   * @param {Net["column"]} family
   * @param {{figures: HTMLElement & {set(rows: FigureRow[]): void}, wall: any}} how
   */
  constructor(family, { figures, wall }) {
    /** @type {Net["column"]} */
    this.family;
    /** @type {Film | null} */
    this.film;
    /** @type {any} */
    this.tiles;
    /** @type {HTMLElement & {set(rows: FigureRow[]): void}} */
    this.figures;
    /** @type {Record<string, any> | null | undefined} */
    this.request;
    Object.assign(this, { family, film: null, tiles: wall, figures });
    this.reach = h("span", { class: "way-reach" });
    this.way = h("div", { class: "way" }, this.reach);
    this.words = h("p", { class: "note" });
    this.reason = h("p");
    this.cannot = h(
      "details",
      { class: "cannot", open: true },
      h("summary", {}, "∅ cannot"),
      this.reason,
    );
    this.waits = h("p", { class: "family-waits" });
    this.answer = h(
      "div",
      { class: "family-answer" },
      this.tiles.element,
      this.waits,
      this.way,
      this.figures,
      this.tiles.legend?.element,
    );
    const head = h(
      "div",
      { class: "family-head" },
      h("h2", { "data-group": family.group }, family.title),
      h("span", { class: "note" }, family.pixels ?? ""),
    );
    this.element = h(
      "section",
      { class: classOf("family", family), "aria-label": family.title },
      head,
      this.cannot,
      this.answer,
      this.words,
    );
    this.refuse(null);
  }

  /** Says why this family gives no answer; null is that it does. */
  refuse(why) {
    this.cannot.hidden = why === null;
    this.answer.hidden = why !== null;
    setText(this.reason, why ?? "");
  }

  /** Words over the empty place of its x. */
  wait(words) {
    this.waits.hidden = words === "";
    setText(this.waits, words);
  }

  /** Words beside the figures. */
  say(words) {
    this.words.hidden = words === "";
    setText(this.words, words);
  }

  /**
   * `x` is the drawn x or null, `share` the progress, and `words` the same for a screen reader. `there` flags the drawn
   * parts of an x; `old` says that they answer an earlier question.
   */
  show({ x, there, share, words, old }) {
    this.tiles.show(x, there, words);
    dim(this.tiles.element, old);
    this.reach.style.width = `${100 * share}%`;
  }
}

/** Number of columns side by side; more take several rows. */
const ABREAST = 6;

/** With more columns than this, there is room for one image of each. */
export const CROWD = 8;

/** Replaces the columns on screen; `beside` stands before them. */
export function fillColumns(element, columns, beside) {
  const lie = columns.some(({ family }) => family.settings); // settings of one network are rows
  const many = columns.length > ABREAST && !lie;
  element.style.setProperty("--families", many ? Math.min(ABREAST, Math.ceil(columns.length / 2)) : columns.length);
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
