/** Surprise: how many bits each character of a visitor's text costs, by several models of the very same text. */

import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { moreNumbers } from "../kit/shell/more.js";
import { PanelAnswer } from "../kit/shell/panel_answer.js";
import { numberTable } from "../kit/shell/parts.js";
import { sum } from "../kit/shell/sums.js";
import { nameOf } from "./chances.js";
import { legend, Letters, tintOf } from "./letters.js";
import { paintText } from "./paint.js";

class Surprise extends PanelAnswer {
  constructor(ctx) {
    super(ctx, "surprise");
    this.letters = new Letters({
      label: "Your text. Arrow keys choose a character.",
      onChoose: (tap) => ctx.store.commit({ tap }),
    });
    this.models = h("div");
    this.orders = h("div");
    const text = h("div", { class: "result" }, this.letters.element, legend());
    const tables = h("div", { class: "surprise-table result" }, this.models, moreNumbers(this.orders));
    this.open(h("div", { class: "fill-screen" }, text, tables));
  }

  draw(value) {
    const { bits } = value.models[0];
    const characters = [...value.words];
    const { tap } = this.ctx.store.get();
    this.chosen = tap !== null && tap < characters.length ? tap : mostHelped(value);
    this.letters.show(characters, { tints: bits.map(tintOf), chosen: this.chosen });
    const row = ({ title, bits }) => [
      title,
      num(sum(bits) / bits.length),
      num(2 ** (sum(bits) / bits.length)),
      num(bits[this.chosen]),
    ];
    const head = ["", "bits/char", "perplexity", `“${nameOf(characters[this.chosen])}”`];
    fill(this.models, numberTable("Bits of this text by each network", head, value.models.map(row)));
    fill(
      this.orders,
      h("h2", {}, "N-grams, by how many characters they see"),
      numberTable("Bits of this text by each order of the n-grams", head, value.orders.map(row)),
    );
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

  words({ models, words }) {
    const { title, bits } = models[0];
    const best = models.reduce((a, b) => (sum(b.bits) < sum(a.bits) ? b : a));
    return `The ${title} is surprised most by “${nameOf([...words][bits.indexOf(Math.max(...bits))])}”, ${
      num(Math.max(...bits))
    } bits. Of all models here, “${best.title}” gives this text the highest probability.`;
  }

  picture() {
    const { value } = this;
    if (!value) return null;
    const canvas = h("canvas");
    paintText(canvas, [...value.words], value.words.length, this.ctx.colours());
    return canvas;
  }

  table() {
    const { value } = this;
    if (!value) return null;
    const all = [...value.models, ...value.orders];
    const rows = [...value.words].map((character, i) => [character, ...all.map(({ bits }) => bits[i])]);
    return { name: "surprise", rows: [["character", ...all.map(({ title }) => title)], ...rows] };
  }
}

/** The place where the characters before it help most: an n-gram without them needs so many bits more than the best one. */
function mostHelped({ orders: [blind, ...others] }) {
  const saved = blind.bits.map((each, i) => each - Math.min(...others.map(({ bits }) => bits[i])));
  return saved.indexOf(Math.max(...saved));
}

export default {
  hint: "Type a text: darker characters were less expected",
  create: (ctx) => new Surprise(ctx),
};
