/** Tokens: an image as 7×7 entries of a codebook; a token is tapped and exchanged for another. */

import { button, h, setText } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { num } from "../kit/shell/format.js";
import { captioned, dim } from "../kit/shell/parts.js";
import { LARGE, PIXELS } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { rowsPicture } from "../kit/film/strip.js";
import { createBook } from "./tokens_book.js";
import { TokenGrid } from "./tokens_grid.js";
import { isOfTokens, OfTokens } from "./tokens_net.js";
import { bookWords, swapOf, tokenWords } from "./tokens_words.js";

const KEPT = 49;
const BOOK_NOTE = "Each picture is the mean of what lies under a code's tokens, and around them, in 500 test images; " +
  "the bar below it is how often the code is used.";

class Tokens extends OfTokens {
  constructor(ctx) {
    super(ctx, {
      name: "look",
      wish: "Choose a test image or draw one: it becomes 7×7 tokens.",
      more: () => ({ swaps: ctx.store.get().swaps }),
    });
    this.books = new Map();
    this.build();
  }

  build() {
    const { ctx } = this;
    this.grid = new TokenGrid({
      label: "The image's tokens, decoded",
      onChoose: (token) => ctx.store.commit({ token }),
      size: LARGE,
    });
    this.book = createBook({ onChoose: (code) => this.exchange(code) });
    this.bookTitle = h("h2");
    this.bookNote = h("p", { class: "note with-words" }, BOOK_NOTE);
    this.numbers = headline(this.rows(null), 2);
    const whole = h(
      "div",
      { class: "tokens-whole" },
      h("div", { class: "tokens-side" }, captioned(this.grid.canvas, "its tokens, decoded")),
      h("div", { class: "tokens-side" }, this.bookTitle, this.book.element, this.numbers, this.bookNote),
    );
    this.undoButton = button("Undo", () => this.undo(), { title: "Take the last exchange back" });
    this.clearButton = button("All back", () => ctx.store.commit({ swaps: [] }), {
      title: "The image's own tokens again",
    });
    this.open(whole, h("div", { class: "row" }, this.undoButton, this.clearButton));
  }

  exchange(code) {
    const { swaps, token } = this.ctx.store.get();
    const { found } = this;
    if (!found || found.tokens[token] === code || swaps.length >= KEPT) return;
    const others = swaps.filter((each) => swapOf(each).place !== token);
    const next = found.before[token] === code ? others : [...others, 64 * token + code];
    this.ctx.store.commit({ swaps: next });
  }

  undo() {
    this.ctx.store.commit({ swaps: this.ctx.store.get().swaps.slice(0, -1) });
  }

  key(event) {
    const { ctx } = this;
    if (event.key === "Backspace" && ctx.store.get().swaps.length) {
      this.undo();
      return true;
    }
    return false;
  }

  update() {
    this.readBook();
    const { swaps } = this.ctx.store.get();
    for (const each of [this.undoButton, this.clearButton]) each.disabled = !swaps.length;
    super.update();
  }

  /** Each network's codebook is read once. */
  async readBook() {
    const { name, error } = this.ctx.net();
    if (this.books.has(name) || error || !isOfTokens(name)) return;
    this.books.set(name, null);
    const book = await this.ctx.ask("codebook", { net: name });
    if (book) this.books.set(name, book);
    else this.books.delete(name);
    if (book) this.ctx.refresh("codebook");
  }

  show(found) {
    const { token, swaps } = this.ctx.store.get();
    const { name, rows, use } = this.ctx.net();
    const book = this.books.get(name);
    const marked = swaps.map((each) => swapOf(each).place);
    const words = tokenWords(found, token, use);
    const bytes = fromBase64(found.p).subarray(PIXELS);
    this.ctx.show("out", bytes);
    this.grid.show({ bytes, chosen: token, marked, words });
    dim(this.grid.canvas, !this.isFresh);
    setText(this.bookTitle, bookWords(book, rows));
    if (book) this.book.show(book, use, found.tokens[token]);
    this.numbers.set(this.rows(found));
    this.tell(words);
  }

  rows(found) {
    const [[rate0, rate], [lost0, lost]] = [found?.rates ?? [], found?.distortions ?? []];
    const now = (before, after) => (found ? num(after, 1) + (after === before ? "" : ` (was ${num(before, 1)})`) : "–");
    return [
      ["−log p(z), the tokens, nats", now(rate0, rate)],
      ["−log p(x | z), the pixels, nats", now(lost0, lost)],
      ["−log p(x), nats, ≤ bound", now(rate0 + lost0, rate + lost)],
      ["−log p(x) by PixelCNN, nats, = exact", found?.exact ? num(-found.exact, 1) : "–"],
    ];
  }

  picture() {
    const { found } = this;
    if (!found) return null;
    const p = fromBase64(found.p);
    const rows = [["the image", fromBase64(found.x)], ["its tokens", p.subarray(0, PIXELS)]];
    if (this.ctx.store.get().swaps.length) rows.push(["exchanged", p.subarray(PIXELS)]);
    return rowsPicture(rows.map(([name, bytes]) => ({ name, bytes })), 1, this.ctx.colours());
  }

  table() {
    const { found } = this;
    if (!found) return null;
    const rows = found.tokens.map((code, place) => [place, found.before[place], code, found.surprise[place]]);
    return { name: `${this.ctx.net().name}-tokens`, rows: [["place", "code", "code now", "nats"], ...rows] };
  }
}

export default {
  hint: "Tap a token, then another code",
  create: (ctx) => new Tokens(ctx),
};
