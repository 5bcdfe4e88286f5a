/** Generate: characters appear one at a time, each drawn from a distribution that is shown; any can be set otherwise. */

import { ReportFilm } from "../kit/film/report_film.js";
import { h } from "../kit/base/dom.js";
import { Chances } from "./chances.js";
import { charactersOf, legend, Letters } from "./letters.js";

const PER_SECOND = 20;

class Generate extends ReportFilm {
  constructor(ctx) {
    super(ctx, "generate");
    this.alphabet = ctx.value().alphabet;
    this.letters = new Letters({
      label: "The text. Arrow keys choose a character.",
      onChoose: (tap) => ctx.store.commit({ tap }),
    });
    this.chances = new Chances({ onTake: (character) => this.take(character) });
    const side = h(
      "div",
      { class: "beside-side" },
      this.numbers,
      h("h2", {}, "Predicted character"),
      this.chances.element,
    );
    this.open({
      nameOf: ({ length }) => `A text of ${length} characters`,
      screen: h("div", { class: "text-screen" }, h("div", {}, this.letters.element, legend()), side),
      dims: [this.letters.element, side],
      label: "The text, character by character",
      framesPerSecond: PER_SECOND,
    });
  }

  /** Number of given characters. */
  get given() {
    return this.drawn.frames[0].time;
  }

  /** The frame of the watched character: the chosen one if it is there, else the newest. */
  watched(at) {
    const { tap } = this.ctx.store.get();
    const frame = tap === null ? null : tap - this.given;
    return frame !== null && frame >= 0 && frame <= at ? frame : at;
  }

  reportOf(at) {
    return super.reportOf(this.watched(at));
  }

  /** The text up to the watched character, and then another one, becomes the beginning. */
  take(character) {
    const frame = this.drawn.frames[this.watched(this.film.index)];
    const before = charactersOf(frame.x.subarray(0, frame.time), this.alphabet).join("");
    this.ctx.store.commit({ prompt: before + character });
  }

  update(changed) {
    super.update(changed);
    if (changed.has("tap") && this.drawn) {
      this.draw(this.film.index);
      this.tell();
    }
  }

  stateOf(at) {
    return { ...super.stateOf(at), tap: null };
  }

  draw(at) {
    super.draw(at);
    const { drawn: { frames }, given, alphabet } = this;
    const { x, time } = frames[at];
    const watched = frames[this.watched(at)];
    const characters = charactersOf(x.subarray(0, time + 1), alphabet);
    const tints = characters.map((_, i) => (i < given ? 0 : frames[i - given].report.tint));
    const kinds = characters.map((_, i) => (i < given ? "given" : ""));
    this.letters.show(characters, { tints, kinds, chosen: watched.time });
    this.chances.show(this.chancesOf(watched), characters[watched.time]);
  }

  /** The likeliest characters, and the drawn one where it is not among them. */
  chancesOf({ numbers: { codes, p, q } }) {
    const [listed, ps, qs] = [codes[0], p[0], q[0]];
    const rows = listed.map((code, i) => ({ character: this.alphabet[code], p: ps[i], q: qs[i] }));
    const isTwice = listed.indexOf(listed.at(-1)) < listed.length - 1;
    return isTwice ? rows.slice(0, -1) : rows;
  }
}

export default {
  hint: "A network continues the text; tap a character to change it",
  create: (ctx) => new Generate(ctx),
};
