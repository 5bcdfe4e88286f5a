/** Fill in: masked characters become known, in any order, given both sides; any can be masked again. */

import { ReportFilm } from "../kit/film/report_film.js";
import { h } from "../kit/base/dom.js";
import { charactersOf, Letters } from "./letters.js";

const BLANK = "_";

/** A film of masked characters; a subclass may have another name and `title(request)`. */
export class Fill extends ReportFilm {
  constructor(ctx, mode = "fill") {
    super(ctx, mode);
    this.alphabet = ctx.value().alphabet;
    this.letters = new Letters({
      label: "The text. Arrow keys choose a character, a tap masks it.",
      onChoose: (place) => this.mask(place),
    });
    this.open({
      nameOf: (request) => this.title(request),
      screen: h("div", { class: "fill-screen" }, this.letters.element, this.legend()),
      dims: [this.letters.element],
      below: [this.numbers],
      label: "Masked characters, step by step",
      framesPerSecond: 6,
    });
  }

  title({ steps }) {
    return `The gaps, in at most ${steps} steps`;
  }

  /** Key of some kinds of characters. */
  kinds(words) {
    return Object.entries(words).map(([kind, each]) => h("span", { class: kind }, each));
  }

  legend() {
    const words = { given: "given", filled: "drawn", guess: "masked: most probable" };
    return h("p", { class: "letters-legend" }, this.kinds(words));
  }

  /** Strength of the tint of each character of a frame. */
  tintsOf() {
    return [];
  }

  /** The finished text with this character masked, or the gap closed by what was drawn there. */
  mask(place) {
    const drawn = charactersOf(this.drawn.frames.at(-1).x, this.alphabet);
    const was = [...this.ctx.store.get().gap];
    const gap = was.map((each, i) => (i === place ? (each === BLANK ? drawn[i] : BLANK) : each)).join("");
    if (gap.includes(BLANK)) this.ctx.store.commit({ gap });
  }

  draw(at) {
    super.draw(at);
    const { frames } = this.drawn;
    const { x, pictures, numbers } = frames[at];
    const code = this.alphabet.length;
    const [blank, guess] = [frames[0].x, pictures.guess];
    const shown = Array.from(x, (each, i) => (each === code && guess ? guess[i] : each));
    const fresh = new Set(numbers.new?.[0] ?? []);
    const kinds = shown.map((_, i) => {
      if (x[i] === code) return guess ? "guess" : "blank";
      return fresh.has(i) ? "new" : blank[i] === code ? "filled" : "given";
    });
    this.letters.show(charactersOf(shown, this.alphabet), { kinds, tints: this.tintsOf(frames[at]) });
  }
}

export default {
  hint: "A network fills the gaps, given both sides; tap a character",
  create: (ctx) => new Fill(ctx),
};
