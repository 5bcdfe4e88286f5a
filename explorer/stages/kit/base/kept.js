/**
 * Values stored in this browser and nowhere else. Where it stores nothing, as in a frame of another site, they last as
 * long as the page, and a notice says so once.
 */

import { notice } from "./notice.js";

const NOTHING = "This browser stores nothing for this page. Your answers and courses are lost when you close it.";

/** `localStorage`, or the storage of this visit alone, with what it did not take. */
class Place {
  /** @param {"localStorage" | "sessionStorage"} name */
  constructor(name) {
    this.name = name;
    /** @type {Map<string, string>} */
    this.memory = new Map();
  }

  /** @param {string} key */
  recall(key) {
    if (this.memory.has(key)) return JSON.parse(this.memory.get(key));
    try {
      return JSON.parse(globalThis[this.name].getItem(key));
    } catch {
      return null;
    }
  }

  /** @param {string} key @param {unknown} value */
  remember(key, value) {
    const text = JSON.stringify(value);
    try {
      globalThis[this.name].setItem(key, text);
      this.memory.delete(key);
      return true;
    } catch {
      this.memory.set(key, text);
      notice(NOTHING);
      return false;
    }
  }

  keys() {
    try {
      return [...new Set([...Object.keys(globalThis[this.name]), ...this.memory.keys()])];
    } catch {
      return [...this.memory.keys()];
    }
  }
}

const [browser, visit] = [new Place("localStorage"), new Place("sessionStorage")];

/** Value kept under a key; null where there is nothing that can be read. @param {string} key */
export const recall = (key) => browser.recall(key);

/** Keeps something that JSON can say; whether it could be stored. @param {string} key @param {unknown} value */
export const remember = (key, value) => browser.remember(key, value);

/** Keys that begin with some letters, without these. @param {string} start */
export const keysAfter = (start) =>
  browser.keys().filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));

/**
 * Value kept for this visit under a key, or the one that `first()` gives from now on.
 * @template Value @param {string} key @param {() => Value} first @returns {Value}
 */
export function recallVisit(key, first) {
  const kept = visit.recall(key);
  if (kept !== null) return kept;
  const value = first();
  visit.remember(key, value);
  return value;
}

/** Value kept for this visit under a key; null where there is none. @param {string} key */
export const ofVisit = (key) => visit.recall(key);

/** Keeps a value for this visit. @param {string} key @param {unknown} value */
export const rememberVisit = (key, value) => visit.remember(key, value);
