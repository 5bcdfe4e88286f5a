/**
 * The rows of guidance: eight images under one scale w, beside how many are seen as the class and how far they are
 * apart.
 */

import { h, setText } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { spread, Strip } from "../kit/strip.js";

export const COUNT = 8;
export const SCALES = [0, 1, 2, 4, 7];
const SIZE = 58;
const NOTES = { 0: "no class", 1: "class only" };

/** A number with its name and a bar of its size. */
function createMeter(name) {
  const text = h("span", { class: "number" });
  const bar = h("span", { class: "meter-bar" });
  const element = h(
    "div",
    { class: "meter" },
    h("span", { class: "note" }, name),
    text,
    h("span", { class: "meter-room", "aria-hidden": "true" }, bar),
  );
  const set = (words, share) => {
    setText(text, words);
    bar.style.width = `${100 * Math.max(0, Math.min(1, share))}%`;
  };
  return { element, set };
}

export class GuidanceRow {
  /** `onChoose()` makes this w the one that other modes use. */
  constructor(w, onChoose) {
    this.w = w;
    this.strip = new Strip(`w = ${w}`, COUNT, SIZE);
    this.scale = h("button", {
      type: "button",
      class: "button guidance-scale",
      "aria-pressed": "false",
      onclick: onChoose,
      title: "Use this w in the other modes too",
    }, `w = ${w}`);
    this.meters = ["seen as asked", "apart, L2"].map(createMeter);
    const name = h("div", { class: "guidance-name" }, this.scale, w in NOTES && h("span", { class: "note" }, NOTES[w]));
    this.element = h(
      "div",
      { class: "guidance-row" },
      name,
      this.strip.element,
      this.meters.map(({ element }) => element),
    );
  }

  /**
   * Shows how many of the images on screen are seen as the class asked for, and how far they are apart beside `most`;
   * null is not known.
   */
  tell({ hits, apart }, most) {
    const [seen, far] = this.meters;
    seen.set(hits === null ? "–" : `${hits} of ${COUNT}`, hits / COUNT);
    far.set(apart === null ? "–" : num(apart), apart / most);
  }

  /** Whether this scale is the one that other modes use. */
  choose(chosen) {
    this.scale.setAttribute("aria-pressed", String(chosen));
  }

  /** How far the images of a frame are apart; null while it is not there. */
  apart(film, index) {
    return film?.frames.length > index ? spread(film.frames[index].x, COUNT) : null;
  }

  bytesOf(film, index) {
    return film && film.frames[Math.min(index, film.frames.length - 1)].x;
  }

  /** Shows the images after so many steps, or as many as are there. */
  show(film, index) {
    const { time } = film?.frames[Math.min(index, film.frames.length - 1)] ?? {};
    this.strip.show(this.bytesOf(film, index), film ? `at t = ${time}` : undefined);
  }
}
