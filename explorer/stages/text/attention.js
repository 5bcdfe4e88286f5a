/** Attention: which characters a head of the transformer looks at, and what it costs to switch this head off. */

import { fill, h, placeIn } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { mode } from "../kit/panel/mode.js";
import { floats16 } from "../kit/plane/tensors.js";
import { legend } from "./letters.js";
import { drawMatrix } from "./matrix.js";
import { textual } from "./texts.js";

const START = "▸";

/** @param {import("../kit/panel/mode.js").Self} self */
function attention(self) {
  const { ctx } = self;
  /** The start stands before the characters. */
  const choose = (place) => value.value && ctx.store.commit({ tap: Math.max(0, place - 1) });
  const { value, letters: [letters], room, key, watchedIn, show } = textual(self, {
    ...{ choose, isOwn: true },
    shown: (answer) => ({ ...answer, words: answer.said[watchedIn(answer)] }),
  });
  const matrix = h("canvas", { class: "attention-matrix", role: "img" });
  /** A tap on the matrix chooses its row. */
  matrix.addEventListener("click", (event) => {
    const rows = value.value?.text.length;
    if (rows) choose(1 + Math.min(rows - 1, Math.floor((placeIn(matrix, event)[1] / matrix.clientHeight) * rows)));
  });
  whenever(() => {
    if (!value.value) return;
    const { text, weights, shares } = value.value;
    const place = watchedIn(value.value);
    const chosen = place + 1;
    const all = (value.value.matrix ??= floats16(weights));
    const row = [...all.subarray(place * text.length, chosen * text.length)];
    const most = Math.max(...row);
    const characters = [START, ...text];
    const kinds = characters.map((_, i) => (i > chosen ? "masked" : i === 0 ? "start" : ""));
    letters.show(characters, { tints: row.map((each) => each / most), kinds, chosen });
    fill(key, legend([[0, "0 %"], [1, shares[place]]], "Weight:"));
    drawMatrix(matrix, all, text.length, place, ctx.colours());
    matrix.setAttribute("aria-label", `Attention weights of ${text.length} rows; row ${chosen} is chosen`);
  });
  const caption = h("figcaption", {}, "Down: predicted character. Across: looked at.");
  const figure = h("figure", { class: "attention-side result" }, matrix, caption);
  return show({ add: [h("div", { class: "text-screen" }, room, figure)] }).mode;
}

export default mode(attention, { hint: "Tap a character: where does the head attend to predict it?" });
