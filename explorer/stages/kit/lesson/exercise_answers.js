/** Answers to the exercises: kept in this browser, and saved as a file that Python checks again. */

import { download } from "../export/export.js";
import { keysAfter, recall, remember } from "../base/kept.js";

const KEY = "explorer.exercises.";
const MOST = 500; // answers of a tab

/** @type {Partial<AnswerKept>} */
const NONE = {};

const isAnswer = (each) =>
  each !== null && typeof each === "object" && typeof each.exercise === "string" && Number.isInteger(each.seed);

/** The stored answers of a tab that can be read. @param {string} tab @returns {AnswerKept[]} */
function answersOf(tab) {
  const kept = recall(KEY + tab);
  return Array.isArray(kept) ? kept.filter(isAnswer) : [];
}

export class Answers {
  /** @param {string} tab */
  constructor(tab) {
    this.tab = tab;
  }

  /** @param {string} exercise @param {number} seed */
  of(exercise, seed) {
    return answersOf(this.tab).find((each) => each.exercise === exercise && each.seed === seed) ?? null;
  }

  /**
   * Adds to what is kept of an exercise.
   * @param {string} exercise @param {number} seed @param {Partial<AnswerKept>} patch
   */
  note(exercise, seed, patch) {
    const kept = answersOf(this.tab).filter((each) => each.exercise !== exercise || each.seed !== seed);
    const one = { exercise, seed, ...this.of(exercise, seed), ...patch };
    remember(KEY + this.tab, [...kept, one].slice(-MOST));
  }

  /**
   * Keeps an answer; one that was right stays.
   * @param {string} exercise @param {number} seed @param {unknown} answer @param {boolean} right
   */
  add(exercise, seed, answer, right) {
    const { tries = 0, right: before = false, worked = false } = this.of(exercise, seed) ?? NONE;
    if (before) return;
    const link = `?${new URLSearchParams(globalThis.explorerAddress.search)}`;
    this.note(exercise, seed, { answer, right, tries: tries + 1, link, late: right && worked });
  }

  /** "right", "late" where the worked answer was shown before, "wrong", or null. @param {string} exercise @param {number} seed */
  markOf(exercise, seed) {
    const { answer, right, late } = this.of(exercise, seed) ?? NONE;
    return answer === undefined ? null : right ? (late ? "late" : "right") : "wrong";
  }

  /** Saves all answers of a seed, those of the other tabs as well. @param {number} seed */
  save(seed) {
    const answers = keysAfter(KEY).sort().flatMap((tab) =>
      answersOf(tab).filter((each) => each.seed === seed && each.answer !== undefined).map((
        { exercise, answer, tries, hints = 0, late = false, link },
      ) => ({ tab, exercise, answer, tries, hints, worked: late, link }))
    );
    const text = JSON.stringify({ seed, answers }, null, 2);
    download(new Blob([`${text}\n`], { type: "application/json" }), `explorer-exercises-${seed}.json`);
  }
}
