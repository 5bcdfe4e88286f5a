/** Compress: a text becomes a file of about −log₂ p(x) bits, which the same network reads back. */

import { Sizes } from "../kit/chart/sizes.js";
import { createCodeFile } from "../kit/export/code_file.js";
import { barsOf } from "../kit/export/compressed.js";
import { h } from "../kit/shell/dom.js";
import { moreControls } from "../kit/shell/more.js";
import { ToldAnswer } from "../kit/shell/told_answer.js";
import { legend, Letters, tintOf } from "./letters.js";

class Compress extends ToldAnswer {
  constructor(ctx) {
    super(ctx, "compress");
    this.letters = new Letters({
      label: "Your text. Arrow keys choose a character.",
      onChoose: (tap) => ctx.store.commit({ tap }),
    });
    this.sizes = new Sizes("Sizes of the same text");
    const file = createCodeFile(this);
    const text = h("div", { class: "result" }, this.letters.element, legend());
    this.open(h("div", { class: "compress-screen" }, text, this.sizes.element), moreControls(file));
  }

  /** Shows the text of a file. */
  opened({ net, words }, bytes) {
    this.ctx.store.commit({ net, words, tap: null });
    return `${bytes} bytes were read back as ${words.length} characters. The checksum is right.`;
  }

  get title() {
    return this.ctx.value().nets[this.answer.asked.net].title;
  }

  draw(value) {
    const { words, bits } = value;
    const characters = [...words];
    const { tap } = this.ctx.store.get();
    this.letters.show(characters, { tints: bits.map(tintOf), chosen: tap < characters.length ? tap : null });
    this.sizes.show(barsOf(value, this.title));
  }

  shown({ told }) {
    return told;
  }

  table() {
    const { value } = this;
    if (!value) return null;
    const rows = [...value.words].map((character, i) => [character, value.bits[i]]);
    return { name: "compressed", rows: [["character", "bits"], ...rows] };
  }
}

export default {
  hint: "Better predictions make a shorter file of your text",
  create: (ctx) => new Compress(ctx),
};
