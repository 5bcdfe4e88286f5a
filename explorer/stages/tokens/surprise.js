/** Surprise: what each token costs, given those before it, as a map over the image. */

import { fill, h, setText } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { num } from "../kit/shell/format.js";
import { captioned, createSeen, dim, empty, fillPanel } from "../kit/shell/parts.js";
import { PIXELS } from "../kit/image/pixels.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { TokenGrid } from "./tokens_grid.js";
import { Asked } from "./tokens_net.js";
import { surpriseWords } from "./tokens_words.js";

class Surprise {
  constructor(ctx) {
    this.ctx = ctx;
    this.asked = new Asked(ctx, "look", () => ({ swaps: [] }));
    this.build();
  }

  build() {
    const { ctx } = this;
    const choose = (token) => ctx.store.commit({ token });
    this.map = new TokenGrid({ label: "The surprise of each token", onChoose: choose });
    this.image = new TokenGrid({ label: "The image's tokens, decoded", onChoose: choose });
    const surprise = captioned(this.map.canvas, "−log p of each token");
    surprise.classList.add("result");
    this.legend = createHeatLegend("nats");
    this.numbers = headline(this.rows(null), 2);
    this.empty = empty();
    this.whole = h(
      "div",
      { class: "tokens-whole" },
      h(
        "div",
        { class: "tokens-pair" },
        captioned(this.image.canvas, "its tokens, decoded"),
        surprise,
      ),
      h("div", { class: "tokens-side" }, this.legend.element, this.numbers),
    );
    fill(ctx.main, this.empty, this.whole);
    this.seen = createSeen();
    fillPanel(ctx, this.asked.chooser.element, this.seen.element, createTries(ctx));
  }

  enter() {
    this.asked.enter();
  }

  update() {
    this.asked.update();
    const { error } = this.ctx.net();
    const { found } = this.asked;
    this.empty.hidden = !error && found !== null;
    this.whole.hidden = !found;
    setText(this.empty, error ?? "Choose a test image or draw one: the prior reads its tokens.");
    this.asked.chooser.fed(found ? fromBase64(found.x) : null, this.asked.levels);
    if (found) this.show(found);
  }

  show(found) {
    const { token } = this.ctx.store.get();
    const words = surpriseWords(found, token);
    this.map.show({ heat: found.surprise, chosen: token, words });
    const bytes = fromBase64(found.p).subarray(PIXELS);
    this.image.show({ bytes, chosen: token, words: "as they are decoded" });
    this.ctx.show("out", bytes);
    this.ctx.show("code", this.map.canvas);
    for (const each of [this.map, this.image]) dim(each.canvas, !this.asked.isFresh);
    this.legend.show(found.surprise);
    this.numbers.set(this.rows(found));
    if (!this.asked.isFresh) return;
    this.seen(words);
    this.ctx.describe(words);
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

  hasResult() {
    return Boolean(this.asked.found);
  }

  picture() {
    return this.asked.found && this.map.canvas;
  }

  table() {
    const { found } = this.asked;
    if (!found) return null;
    const rows = found.surprise.map((nats, place) => [place, found.tokens[place], nats]);
    return { name: `${this.ctx.net().name}-surprise`, rows: [["place", "code", "nats"], ...rows] };
  }
}

export default {
  hint: "Which tokens did the prior not see coming? Tap one",
  create: (ctx) => new Surprise(ctx),
};
