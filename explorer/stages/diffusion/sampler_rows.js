/** The rows of the samplers: four images each, from one x₁₀₀₀, beside what they cost. */

import { h, setText } from "../kit/dom.js";
import { num } from "../kit/format.js";
import { apart, Strip } from "../kit/strip.js";
import { frameAt } from "./clock.js";

export const COUNT = 4;
export const REFERENCE = 100;
export const TITLES = { ddim: "DDIM", ddpm: "DDPM" };
const SIZE = 60;
const STEPS = [5, 10, 20, 50, REFERENCE];
/** Shortest first, and both samplers in turn, so that there is soon something to compare. */
export const ROWS = [...STEPS.flatMap((steps) => Object.keys(TITLES).map((sampler) => [sampler, steps])), [
  "ddpm",
  1000,
]];

export class SamplerRow {
  constructor(sampler, steps) {
    Object.assign(this, { sampler, steps, name: `${TITLES[sampler]} ${steps.toLocaleString("en")}` });
    this.strip = new Strip(`${TITLES[sampler]}, ${steps.toLocaleString("en")} steps`, COUNT, SIZE);
    this.cells = ["evaluations", "seconds", "distance"].map(() => h("span"));
    this.facts = h(
      "div",
      { class: "row-facts number" },
      h("strong", {}, `${steps.toLocaleString("en")} steps`),
      this.cells,
    );
    this.element = h("div", { class: "sampler-row" }, this.strip.element, this.facts);
  }

  /** Shows what the row has cost, once it is done; `found` is its entry of `measure`. */
  tell(film, found) {
    const { evaluations, seconds, distance } = found ?? {};
    const away = this.steps === REFERENCE ? "the reference" : distance === null ? "" : `${num(distance)} away`;
    const texts = found
      ? [`${evaluations.toLocaleString("en")} evaluations`, `${num(seconds)} s`, away]
      : [film ? "drawing…" : "", "", ""];
    this.cells.forEach((cell, i) => setText(cell, texts[i]));
    this.words = texts.filter(Boolean).join(", ");
  }

  bytesOf(film, t) {
    return film && frameAt(film, t).x;
  }

  /** Shows the images when the clock shows t. */
  show(film, t) {
    this.strip.show(this.bytesOf(film, t), film ? `at t = ${t}; ${this.words}` : undefined);
  }
}

/**
 * What each finished film cost, and how far (mean L2) its images at time t are from those of its sampler's hundred
 * steps.
 */
export function measure(films, t = 0) {
  const finals = films.map((film) => (film?.done ? frameAt(film, t).x : null));
  return ROWS.map(([sampler], i) => {
    if (!finals[i]) return null;
    const reference = finals[ROWS.findIndex((row) => row[0] === sampler && row[1] === REFERENCE)];
    const { evaluations, seconds } = films[i];
    return { evaluations, seconds, final: finals[i], distance: reference && apart(finals[i], reference, COUNT) };
  });
}
