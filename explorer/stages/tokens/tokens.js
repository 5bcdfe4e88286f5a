/** Tokens: an image as 7×7 entries of a codebook; a token is tapped and exchanged for another. */

import { LARGE, PIXELS } from "../kit/image/pixels.js";
import { button, h, setText } from "../kit/base/dom.js";
import { Answered } from "../kit/ask/answered.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { captioned } from "../kit/panel/parts.js";
import { createBook } from "./tokens_book.js";
import { TokenGrid } from "./tokens_grid.js";

const KEPT = 49;
const MOST_CODES = 64;
const BOOK_NOTE = "Each picture is the mean of what lies under a code's tokens, and around them, in 500 test images; " +
  "the bar below it is how often the code is used.";

/** The place and the code of an exchange, which the address keeps as one number. */
const swapOf = (each) => ({ place: Math.floor(each / MOST_CODES), code: each % MOST_CODES });

class Tokens extends Exhibit {
  add() {
    const { ctx } = this;
    this.books = new Answered(ctx, "codebook", () => ctx.refresh("codebook"));
    const onChoose = (token) => ctx.store.commit({ token });
    this.grid = new TokenGrid({ label: "The image's tokens, decoded", onChoose, size: LARGE });
    this.book = createBook({ onChoose: (code) => this.exchange(code) });
    this.bookTitle = h("h2");
    const note = h("p", { class: "note with-words" }, BOOK_NOTE);
    const side = h("div", { class: "tokens-side" }, this.bookTitle, this.book.element, note);
    return [h("div", { class: "tokens-whole" }, captioned(this.grid.canvas, "its tokens, decoded"), side)];
  }

  below() {
    const { commit } = this.ctx.store;
    this.undoButton = button("Undo", () => this.undo(), { title: "Take the last exchange back" });
    this.clearButton = button("All back", () => commit({ swaps: [] }), { title: "The image's own tokens again" });
    return [h("div", { class: "row" }, this.undoButton, this.clearButton)];
  }

  exchange(code) {
    const { swaps, token } = this.ctx.store.get();
    const { value } = this;
    if (!value || value.tokens[token] === code || swaps.length >= KEPT) return;
    const others = swaps.filter((each) => swapOf(each).place !== token);
    const next = value.before[token] === code ? others : [...others, MOST_CODES * token + code];
    this.ctx.store.commit({ swaps: next });
  }

  undo() {
    this.ctx.store.commit({ swaps: this.ctx.store.get().swaps.slice(0, -1) });
  }

  key(event) {
    const isMine = event.key === "Backspace" && this.ctx.store.get().swaps.length > 0;
    if (isMine) this.undo();
    return isMine;
  }

  update(changed) {
    this.readBook();
    const { swaps } = this.ctx.store.get();
    for (const each of [this.undoButton, this.clearButton]) each.disabled = !swaps.length;
    super.update(changed);
  }

  readBook() {
    const { name, error } = this.ctx.net();
    if (!error && this.declared.nets.includes(name)) this.books.want({ net: name });
  }

  draw(value) {
    super.draw(value);
    const { token, swaps } = this.ctx.store.get();
    const { name, use } = this.ctx.net();
    const book = this.books.to({ net: name });
    const bytes = this.bytesOf(value.p).subarray(PIXELS);
    const marked = swaps.map((each) => swapOf(each).place);
    this.ctx.show("out", bytes);
    this.grid.show({ bytes, chosen: token, marked, words: value.words });
    setText(this.bookTitle, book ? `${book.codes} codes; bar: share of tokens` : "The codebook");
    if (book) this.book.show(book, use, value.tokens[token]);
  }
}

export default {
  create: (ctx) => new Tokens(ctx, "tokens"),
};
