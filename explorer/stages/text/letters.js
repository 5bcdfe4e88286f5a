/** A text whose characters can be chosen: each is tinted by a number, or not drawn yet. */

import { fill, h, isBrowsers, setText } from "../kit/base/dom.js";

const SIGNS = { "\n": "↵\n" };
const BLANK = "_";

/** The characters that bytes stand for. */
export const charactersOf = (bytes, alphabet) => Array.from(bytes, (code) => alphabet[code] ?? BLANK);

export class Letters {
  /** `onChoose(place)` gets the selected character, by pointer or by keys. */
  constructor({ label, onChoose }) {
    this.onChoose = onChoose;
    this.spans = [];
    this.chosen = null;
    this.element = h("div", { class: "letters", tabindex: 0, role: "application", "aria-label": label });
    this.said = h("span", { class: "spoken", "aria-live": "polite" });
    this.element.addEventListener("click", ({ target }) => {
      const place = this.spans.indexOf(target);
      if (place >= 0) onChoose(place);
    });
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !this.spans.length || isBrowsers(event)) return;
    const next = (this.chosen ?? -1) + by;
    this.onChoose(Math.max(0, Math.min(this.spans.length - 1, next)));
    event.preventDefault();
  }

  /**
   * `characters` is a list; of each `tints[i]`, from 0 to 1, tints it; `kinds[i]` is "given", "blank", "guess", "new",
   * "start", "masked" or none.
   */
  show(characters, { tints = [], kinds = [], chosen = null }) {
    if (this.spans.length !== characters.length) {
      this.spans = characters.map(() => h("span"));
      fill(this.element, this.spans, this.said);
    }
    this.chosen = chosen;
    this.spans.forEach((span, i) => {
      setText(span, SIGNS[characters[i]] ?? characters[i]);
      span.className = kinds[i] ?? "";
      span.classList.toggle("chosen", i === chosen);
      span.style.setProperty("--tint", `${Math.round(100 * (tints[i] ?? 0))}%`);
    });
    if (chosen !== null && document.activeElement === this.element) setText(this.said, characters[chosen] ?? "");
  }
}

/**
 * Key of the tints, named: surprise in bits, unless something else is given.
 * @param {[tint: number, words: string][]} [tints]
 */
export const legend = (tints = [[0, "0"], [0.25, "2"], [0.5, "4"], [1, "8"]], name = "Surprise, bits:") =>
  h(
    "p",
    { class: "letters-legend" },
    name,
    tints.map(([tint, words]) => h("span", { style: `--tint: ${100 * tint}%` }, words)),
  );
