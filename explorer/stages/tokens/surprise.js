/** Surprise: what each token costs, given those before it, as a map over the image. */

import { h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { num } from "../kit/shell/format.js";
import { captioned, dim } from "../kit/shell/parts.js";
import { PIXELS } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { TokenGrid } from "./tokens_grid.js";
import { OfTokens } from "./tokens_net.js";
import { surpriseWords } from "./tokens_words.js";

const SIZE = 350;

class Surprise extends OfTokens {
  constructor(ctx) {
    super(ctx, {
      name: "look",
      wish: "Choose a test image or draw one: the prior reads its tokens.",
      more: () => ({ swaps: [] }),
    });
    this.build();
  }

  build() {
    const { ctx } = this;
    const choose = (token) => ctx.store.commit({ token });
    this.map = new TokenGrid({ label: "The surprise of each token", onChoose: choose, size: SIZE });
    this.image = new TokenGrid({ label: "The image's tokens, decoded", onChoose: choose, size: SIZE });
    const surprise = captioned(this.map.canvas, "−log p of each token");
    surprise.classList.add("result");
    this.legend = createHeatLegend("nats");
    this.numbers = headline(this.rows(null), 2);
    const pair = h("div", { class: "tokens-pair" }, captioned(this.image.canvas, "its tokens, decoded"), surprise);
    this.open(h("div", { class: "tokens-whole through" }, pair, this.legend.element), this.numbers);
  }

  show(found) {
    const { token } = this.ctx.store.get();
    const words = surpriseWords(found, token);
    this.map.show({ heat: found.surprise, chosen: token, words });
    const bytes = fromBase64(found.p).subarray(PIXELS);
    this.image.show({ bytes, chosen: token, words: "as they are decoded" });
    this.ctx.show("out", bytes);
    this.ctx.show("code", this.map.canvas);
    for (const each of [this.map, this.image]) dim(each.canvas, !this.isFresh);
    this.legend.show(found.surprise);
    this.numbers.set(this.rows(found));
    this.tell(words);
  }

  rows(found) {
    const [rate, lost] = [found?.rates[0], found?.distortions[0]];
    return [
      ["−log p(z), the tokens, nats", num(rate, 1)],
      ["−log p(x | z), the pixels, nats", num(lost, 1)],
      ["−log p(x), nats, ≤ bound", found ? num(rate + lost, 1) : "–"],
      ["−log p(x) by PixelCNN, nats, = exact", found?.exact ? num(-found.exact, 1) : "–"],
    ];
  }

  picture() {
    return this.found && this.map.canvas;
  }

  table() {
    const { found } = this;
    if (!found) return null;
    const rows = found.surprise.map((nats, place) => [place, found.tokens[place], nats]);
    return { name: `${this.ctx.net().name}-surprise`, rows: [["place", "code", "nats"], ...rows] };
  }
}

export default {
  hint: "Which tokens did the prior not see coming? Tap one",
  create: (ctx) => new Surprise(ctx),
};
