/** Attention: which characters a head of the transformer looks at, and what it costs to switch this head off. */

import { floats16 } from "../kit/plane/tensors.js";
import { fill, h, placeIn } from "../kit/base/dom.js";
import { legend } from "./letters.js";
import { drawMatrix } from "./matrix.js";
import { Texts } from "./texts.js";

const START = "▸";

class Attention extends Texts {
  add() {
    this.matrix = h("canvas", { class: "attention-matrix", role: "img" });
    this.matrix.addEventListener("click", (event) => this.pick(event));
    const caption = "Down: predicted character. Across: looked at.";
    const figure = h("figure", { class: "attention-side result" }, this.matrix, h("figcaption", {}, caption));
    return [h("div", { class: "text-screen" }, super.add(), figure)];
  }

  /** The start stands before the characters. */
  choose(place) {
    if (this.value) super.choose(Math.max(0, place - 1));
  }

  /** A tap on the matrix chooses its row. */
  pick(event) {
    if (!this.value) return;
    const [rows, [, down]] = [this.value.text.length, placeIn(this.matrix, event)];
    this.choose(1 + Math.min(rows - 1, Math.floor((down / this.matrix.clientHeight) * rows)));
  }

  /** @param {{text?: string, watched?: number | null}} value */
  watchedIn({ text, watched }) {
    return super.watchedIn({ texts: [{ characters: text }], watched });
  }

  draw(value) {
    super.draw(value);
    const { text, weights, shares } = value;
    const place = this.watchedIn(value);
    const chosen = place + 1;
    const matrix = (value.matrix ??= floats16(weights));
    const row = [...matrix.subarray(place * text.length, chosen * text.length)];
    const most = Math.max(...row);
    const characters = [START, ...text];
    const kinds = characters.map((_, i) => (i > chosen ? "masked" : i === 0 ? "start" : ""));
    this.room.hidden = false;
    this.letters[0].show(characters, { tints: row.map((each) => each / most), kinds, chosen });
    fill(this.legend, legend([[0, "0 %"], [1, shares[place]]], "Weight:"));
    drawMatrix(this.matrix, matrix, text.length, place, this.ctx.colours());
    this.matrix.setAttribute("aria-label", `Attention weights of ${text.length} rows; row ${chosen} is chosen`);
  }

  words(value) {
    return value.said[this.watchedIn(value)];
  }
}

export default {
  hint: "Tap a character: where does the head attend to predict it?",
  create: (ctx) => new Attention(ctx, "attention"),
};
