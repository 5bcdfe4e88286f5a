/** Tokens: an image as 7×7 entries of a codebook; a token is tapped and exchanged for another. */

import { askedAnswer } from "../kit/ask/asked.js";
import { button, h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { codeImage, LARGE, PIXELS } from "../kit/image/pixels.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";
import { captioned } from "../kit/panel/parts.js";
import { createBook } from "./tokens_book.js";
import { TokenGrid } from "./tokens_grid.js";

const KEPT = 49;
const MOST_CODES = 64;
const BOOK_NOTE =
  "Each picture is the mean of what lies under a code's tokens, and around them, in 500 test images, as light as its pixels allow; " +
  "the bar below it is how often the code is used.";

/** The place and the code of an exchange, which the address keeps as one number. */
const swapOf = (each) => ({ place: Math.floor(each / MOST_CODES), code: each % MOST_CODES });

/** @param {import("../kit/panel/mode.js").Self} self */
function tokens(self) {
  const { ctx, state, declared } = self;
  const { commit } = ctx.store;
  const { value, bytesOf, show } = exhibit(self);
  const codebook = askedAnswer(self, "codebook", () => {
    const { name, error } = ctx.net();
    return !error && declared.nets.includes(name) ? { net: name } : null;
  });
  const onChoose = (token) => commit({ token });
  const grid = new TokenGrid({ label: "The image's tokens, decoded", onChoose, size: LARGE });
  const book = createBook({ onChoose: (code) => exchange(code) });

  function exchange(code) {
    const { swaps, token } = state;
    const answer = value.value;
    if (!answer || answer.tokens[token] === code || swaps.length >= KEPT) return;
    const others = swaps.filter((each) => swapOf(each).place !== token);
    commit({ swaps: answer.before[token] === code ? others : [...others, MOST_CODES * token + code] });
  }

  whenever(() => {
    if (!value.value) return;
    const { p, words, tokens: codes } = value.value;
    const bytes = bytesOf(p).subarray(PIXELS);
    const marked = state.swaps.map((each) => swapOf(each).place);
    ctx.show("out", bytes);
    const last = (ctx.net().use?.length ?? MOST_CODES) - 1;
    ctx.show("code", codeImage(codes.map((code) => (6 * code) / last - 3)));
    grid.show({ bytes, chosen: state.token, marked, words });
    if (codebook.value) book.show(codebook.value, ctx.net().use, codes[state.token]);
  });
  const title = () => codebook.value ? `${codebook.value.codes} codes; bar: share of tokens` : "The codebook";
  const note = h("p", { class: "note with-words" }, BOOK_NOTE);
  const side = h("div", { class: "tokens-side" }, h("h2", {}, title), book.element, note);
  const whole = h("div", { class: "tokens-whole" }, captioned(grid.canvas, "its tokens, decoded"), side);

  const undo = () => commit({ swaps: state.swaps.slice(0, -1) });
  const back = [
    button("Undo", undo, { title: "Take the last exchange back" }),
    button("All back", () => commit({ swaps: [] }), { title: "The image's own tokens again" }),
  ];
  whenever(() => back.forEach((each) => (each.disabled = !state.swaps.length)));
  return {
    ...show({ add: [whole], below: [h("div", { class: "row" }, back)] }).mode,
    codebook,
    key(event) {
      if (event.key !== "Backspace" || !state.swaps.length) return;
      undo();
      event.preventDefault();
    },
  };
}

export default mode(tokens);
