/** Surprise: how many bits each character of a visitor's text costs, by several models of the very same text. */

import { createTries } from "../kit/lesson/tries.js";
import { Answered } from "../kit/shell/answered.js";
import { createControls } from "../kit/shell/controls.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { createSeen, dim, fillPanel, numberTable } from "../kit/shell/parts.js";
import { nameOf } from "./chances.js";
import { legend, Letters, tintOf } from "./letters.js";
import { paintText } from "./paint.js";

const sum = (values) => values.reduce((total, value) => total + value, 0);

class Surprise {
  constructor(ctx) {
    const declared = ctx.value().panels.surprise;
    Object.assign(this, { ctx, answer: new Answered(ctx, declared.ask, () => this.show()) });
    this.letters = new Letters({
      label: "Your text. Arrow keys choose a character.",
      onChoose: (tap) => ctx.store.set({ tap }, { commit: true }),
    });
    this.controls = createControls(ctx, declared);
    this.numbers = headline(this.rows(null), 0);
    this.tables = h("div", { class: "surprise-table result" });
    this.screen = h(
      "div",
      { class: "text-screen" },
      h("div", { class: "result" }, this.letters.element, legend()),
      this.tables,
    );
    this.seen = createSeen();
    fill(ctx.main, this.screen);
    const tries = createTries(ctx, declared.tries);
    fillPanel(ctx, this.numbers, this.controls.element, this.seen.element, tries);
  }

  update(changed) {
    this.controls.update();
    if (changed.has("mode") || changed.has("words")) this.answer.want(this.controls.request());
    dim(this.screen, !this.answer.isCurrent);
    if (changed.has("tap")) this.show();
  }

  again() {
    this.answer.want(this.controls.request());
  }

  /** The best model of this text. */
  get best() {
    const { models } = this.answer.value;
    return models.reduce((a, b) => (sum(b.bits) < sum(a.bits) ? b : a));
  }

  show() {
    const { value } = this.answer;
    dim(this.screen, !this.answer.isCurrent);
    if (!value) return;
    const { bits } = value.models[0];
    const characters = [...value.words];
    const { tap } = this.ctx.store.get();
    this.chosen = tap !== null && tap < characters.length ? tap : bits.indexOf(Math.max(...bits));
    this.letters.show(characters, { tints: bits.map(tintOf), chosen: this.chosen });
    const row = ({ title, bits }) => [
      title,
      num(sum(bits) / bits.length),
      num(2 ** (sum(bits) / bits.length)),
      num(bits[this.chosen]),
    ];
    const head = ["", "bits/char", "perplexity", `“${nameOf(characters[this.chosen])}”`];
    fill(
      this.tables,
      numberTable("Bits of this text by each network", head, value.models.map(row)),
      h("h2", {}, "N-grams, by how many characters they see"),
      numberTable("Bits of this text by each order of the n-grams", head, value.orders.map(row)),
    );
    this.numbers.set(this.rows(value));
    this.seen(this.words(characters));
  }

  rows(value) {
    const first = value?.models[0];
    const of = (number) => (first ? num(number) : "–");
    const total = first ? sum(first.bits) : 0;
    return [
      [first ? `${first.title}: surprise` : "surprise", of(total / (first?.bits.length ?? 1)), "bits/character"],
      ["log p of the text, exactly", first ? `= ${num(-total * Math.LN2)}` : "–", "nats"],
      ["as a file", of(total / 8), "bytes"],
    ];
  }

  words(characters) {
    const { title, bits } = this.answer.value.models[0];
    return `The ${title} is surprised most by “${nameOf(characters[bits.indexOf(Math.max(...bits))])}”, ${
      num(Math.max(...bits))
    } bits. Of all models here, “${this.best.title}” gives this text the highest probability.`;
  }

  hasResult() {
    return Boolean(this.answer.value);
  }

  picture() {
    if (!this.answer.value) return null;
    const canvas = h("canvas");
    paintText(canvas, [...this.answer.value.words], this.answer.value.words.length, this.ctx.colours());
    return canvas;
  }

  table() {
    const { value } = this.answer;
    if (!value) return null;
    const all = [...value.models, ...value.orders];
    const rows = [...value.words].map((character, i) => [character, ...all.map(({ bits }) => bits[i])]);
    return { name: "surprise", rows: [["character", ...all.map(({ title }) => title)], ...rows] };
  }
}

export default {
  hint: "Type a text: the darker a character, the less the network expected it",
  create: (ctx) => new Surprise(ctx),
};
