/** A text whose characters can be chosen: each is tinted by a number, or not drawn yet. */

import { fill, h, setText } from "../kit/shell/dom.js";

const SIGNS = { "\n": "↵\n" };
const BITS = 8; // of the strongest tint
const BLANK = "_";

/** The characters that bytes stand for. */
export const charactersOf = (bytes, alphabet) => Array.from(bytes, (code) => alphabet[code] ?? BLANK);

export class Letters {
  /** `onChoose(place)` is told which character is chosen, by pointer or by keys. */
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
    if (!by || !this.spans.length) return;
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

/** How strongly a number of bits tints its character; not at all where nothing is known. */
export const tintOf = (bits) => Math.min(1, (bits ?? 0) / BITS);

/** What the tints mean. */
export const legend = (tints = [0, 2, 4, 8].map((bits) => [tintOf(bits), bits < 8 ? String(bits) : `${bits} bits`])) =>
  h(
    "p",
    { class: "letters-legend" },
    tints.map(([tint, words]) => h("span", { style: `--tint: ${100 * tint}%` }, words)),
  );
