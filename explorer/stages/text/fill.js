/** Fill in: masked characters become known, in any order, given both sides; any can be masked again. */

import { PanelFilm } from "../kit/film/panel_film.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { nameOf } from "./chances.js";
import { charactersOf, Letters } from "./letters.js";
import { paintText } from "./paint.js";

const BLANK = "_";

/** A film of masked characters; a subclass may have another name, `title(request)`, and say otherwise what is seen. */
export class Fill extends PanelFilm {
  constructor(ctx, mode = "fill") {
    super(ctx, mode);
    this.alphabet = ctx.value().alphabet;
    this.letters = new Letters({
      label: "The text. Arrow keys choose a character, a tap masks it.",
      onChoose: (place) => this.mask(place),
    });
    this.numbers = headline(this.rows(null), 0);
    this.open({
      nameOf: (request) => this.title(request),
      screen: h("div", { class: "fill-screen" }, this.letters.element, this.legend(), this.numbers),
      dims: [this.letters.element],
      label: "Masked characters, step by step",
      framesPerSecond: 6,
    });
  }

  title({ steps }) {
    return `The gaps, in at most ${steps} steps`;
  }

  legend() {
    return null;
  }

  /** How strongly each character of a frame is tinted. */
  tintsOf() {
    return [];
  }

  /** The finished text with this character masked, or the gap closed by what was drawn there. */
  mask(place) {
    const { frames } = this.drawn;
    const drawn = charactersOf(frames.at(-1).x, this.alphabet);
    const was = [...this.ctx.store.get().gap];
    const gap = was.map((each, i) => (i === place ? (each === BLANK ? drawn[i] : BLANK) : each)).join("");
    if (gap.includes(BLANK)) this.ctx.store.commit({ gap });
  }

  stateOf(at) {
    return { at: at === this.drawn.total - 1 ? null : at };
  }

  captionOf(at) {
    const left = this.drawn.frames[at].time;
    return left
      ? `${left} characters are masked; the grey ones are the network's guesses`
      : "Nothing is masked any more";
  }

  draw(at) {
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
    this.numbers.set(this.rows(at));
  }

  /** Nats that the drawn characters cost so far, and their number. */
  costOf(at) {
    const { frames } = this.drawn;
    const nats = frames.slice(1, at + 1).reduce((sum, { numbers }) => sum - numbers.log_prob[0], 0);
    return { nats, count: frames[0].time - frames[at].time };
  }

  rows(at) {
    const { nats, count } = at === null ? {} : this.costOf(at);
    return [
      ["masked characters", at === null ? "–" : String(this.drawn.frames[at].time), ""],
      ["filled characters", count ? String(count) : "–", ""],
      ["their surprise", count ? num(nats / Math.LN2 / count) : "–", "bits/character"],
      ["network evaluations", at === null ? "–" : String(at), ""],
    ];
  }

  words(at) {
    const { frames } = this.drawn;
    if (at === 0) return `${frames[0].time} characters are masked. The network sees the text on both sides of a gap.`;
    const fresh = frames[at].numbers.new[0].map((place) => nameOf(this.alphabet[frames[at].x[place]]));
    return `Step ${at} drew ${fresh.length === 1 ? `“${fresh[0]}”` : `${fresh.length} characters at once`}; ${
      frames[at].time
    } are masked. Characters of one step do not see each other, so fewer steps fit worse.`;
  }

  paint(canvas, at) {
    const { x } = this.drawn.frames[at];
    paintText(canvas, charactersOf(x, this.alphabet), x.length, this.ctx.colours());
  }
}

export default {
  hint: "Gaps are filled given both sides; tap a character",
  create: (ctx) => new Fill(ctx),
};
