/** Generate: characters appear one at a time, each drawn from a distribution that is shown; any can be set otherwise. */

import { PanelFilm } from "../kit/film/panel_film.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { Chances, nameOf } from "./chances.js";
import { charactersOf, legend, Letters, tintOf } from "./letters.js";
import { paintText } from "./paint.js";

const PER_SECOND = 20;

class Generate extends PanelFilm {
  constructor(ctx) {
    super(ctx, "generate");
    this.alphabet = ctx.value().alphabet;
    this.letters = new Letters({
      label: "The text. Arrow keys choose a character.",
      onChoose: (tap) => this.choose(tap),
    });
    this.chances = new Chances({ onTake: (character) => this.take(character) });
    this.numbers = headline(this.rows(null), 0);
    const side = h("div", { class: "beside-side" }, this.numbers, this.chances.element);
    this.open({
      nameOf: ({ length }) => `A text of ${length} characters`,
      screen: h("div", { class: "text-screen" }, h("div", {}, this.letters.element, legend()), side),
      dims: [this.letters.element, side],
      label: "The text, character by character",
      framesPerSecond: PER_SECOND,
    });
  }

  /** How many characters are given. */
  get given() {
    return this.drawn.frames[0].time;
  }

  /** The frame of the watched character: the chosen one if it is there, else the newest. */
  watched(at) {
    const { tap } = this.ctx.store.get();
    const frame = tap === null ? null : tap - this.given;
    return frame !== null && frame >= 0 && frame <= at ? frame : at;
  }

  choose(tap) {
    this.ctx.store.commit({ tap });
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
    return { at: at === this.drawn.total - 1 ? null : at, tap: null };
  }

  captionOf(at) {
    return `${this.drawn.frames[at].time + 1} of ${this.drawn.frames[at].x.length} characters`;
  }

  bitsOf(frame) {
    return -frame.numbers.log_prob[0] / Math.LN2;
  }

  draw(at) {
    const { drawn, alphabet } = this;
    const last = drawn.frames[at];
    const characters = charactersOf(last.x.subarray(0, last.time + 1), alphabet);
    const tints = characters.map((_, i) => (i < this.given ? 0 : tintOf(this.bitsOf(drawn.frames[i - this.given]))));
    const kinds = characters.map((_, i) => (i < this.given ? "given" : ""));
    const watched = drawn.frames[this.watched(at)];
    this.letters.show(characters, { tints, kinds, chosen: watched.time });
    this.chances.show(this.chancesOf(watched), characters[watched.time]);
    this.numbers.set(this.rows(at));
  }

  /** The likeliest characters, and the drawn one where it is not among them. */
  chancesOf({ numbers: { codes, p, q } }) {
    const [listed, ps, qs] = [codes[0], p[0], q[0]];
    const rows = listed.map((code, i) => ({ character: this.alphabet[code], p: ps[i], q: qs[i] }));
    const isTwice = listed.indexOf(listed.at(-1)) < listed.length - 1;
    return isTwice ? rows.slice(0, -1) : rows;
  }

  rows(at) {
    const frame = at === null ? null : this.drawn.frames[this.watched(at)];
    const shown = at === null ? [] : this.drawn.frames.slice(0, at + 1);
    const total = shown.reduce((sum, each) => sum + this.bitsOf(each), 0);
    const of = (value) => (frame ? num(value) : "–");
    return [
      ["surprise", of(frame && this.bitsOf(frame)), "bits"],
      ["expected surprise (entropy)", of(frame && frame.numbers.entropy[0] / Math.LN2), "bits"],
      ["all drawn characters", of(total / shown.length), "bits/character"],
      ["cut away", of(frame && 100 * frame.numbers.cut[0]), "%"],
    ];
  }

  words(at) {
    const frame = this.drawn.frames[this.watched(at)];
    const character = nameOf(this.alphabet[frame.x[frame.time]]);
    const p = 100 * Math.exp(frame.numbers.log_prob[0]);
    return `“${character}” had a probability of ${num(p)} %. That is ${
      num(this.bitsOf(frame))
    } bits of surprise. Take ` +
      "another one from the list, and the network goes on from there with the same random numbers.";
  }

  paint(canvas, at) {
    const { x, time } = this.drawn.frames[at];
    paintText(canvas, charactersOf(x.subarray(0, time + 1), this.alphabet), x.length, this.ctx.colours());
  }

  table() {
    if (!this.drawn) return null;
    const rows = this.drawn.frames.map((frame) => [
      frame.time + 1,
      this.alphabet[frame.x[frame.time]],
      this.bitsOf(frame),
      frame.numbers.entropy[0] / Math.LN2,
    ]);
    return {
      name: `${this.ctx.store.get().net}-text`,
      rows: [["place", "character", "bits", "entropy_bits"], ...rows],
    };
  }
}

export default {
  hint: "Tap a character, and set it otherwise",
  create: (ctx) => new Generate(ctx),
};
