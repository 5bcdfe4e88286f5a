/** Predictions of a tour: kept in this browser, and listed when the tour ends. */

import { button, fill, h, setName } from "../base/dom.js";
import { recall, remember } from "../base/kept.js";

/** @type {[boolean | null, string, string][]} */
const MARKS = [[true, "✓", "as predicted"], [false, "✗", "otherwise than predicted"], [null, "–", "skipped"]];

/**
 * The mark of each title, if the same titles were stored: true if the prediction was right, null if it was skipped.
 * @param {unknown} kept @param {string[]} titles @returns {(boolean | null)[]}
 */
function marksOf(kept, titles) {
  const same = Array.isArray(kept) && kept.length === titles.length &&
    kept.every((each, i) => Array.isArray(each) && each[0] === titles[i]);
  return titles.map((_, i) => (same && typeof kept[i][1] === "boolean" ? kept[i][1] : null));
}

export class Predictions {
  /** `go(index)` leads to a step. @param {string} tab @param {string[]} titles @param {(index: number) => void} go */
  constructor(tab, titles, go) {
    this.key = `explorer.tour.${tab}`;
    this.titles = titles;
    this.go = go;
    this.element = h("div");
  }

  /** Marks that this browser keeps: another page of it may have added some. */
  get marks() {
    return marksOf(recall(this.key), this.titles);
  }

  /** @param {number} index */
  has(index) {
    return this.marks[index] !== null;
  }

  /** Keeps whether a step came as predicted; the first prediction counts. @param {number} index @param {boolean} right */
  add(index, right) {
    if (!this.has(index)) this.keep(this.marks.map((mark, i) => (i === index ? right : mark)));
  }

  /** @param {(boolean | null)[]} marks */
  keep(marks) {
    remember(this.key, this.titles.map((title, i) => [title, marks[i]]));
  }

  forget() {
    this.keep(this.marks.map(() => null));
    fill(this.element, h("p", { role: "status" }, "Forgotten. Each step asks again."));
  }

  show() {
    const count = (wanted) => this.marks.filter((mark) => mark === wanted).length;
    const summary = `You predicted ${count(true)} of ${this.titles.length} as it came, skipped ${count(null)}.`;
    const steps = h("ol", {}, this.titles.map((title, i) => h("li", {}, this.step(title, i))));
    const forget = button("Forget these", () => this.forget());
    fill(this.element, h("details", { class: "tour-summary" }, h("summary", {}, summary), steps, forget));
  }

  /** @param {string} title @param {number} index */
  step(title, index) {
    const [, sign, words] = MARKS.find(([mark]) => mark === this.marks[index]);
    const element = button(`${sign} ${title}`, () => this.go(index), { title: words });
    setName(element, `${title}: ${words}`);
    return element;
  }
}
