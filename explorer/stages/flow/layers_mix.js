/** Two test images whose z are exchanged: the coarse part of one with the fine part of the other, and vice versa. */

import { Board } from "../kit/image/board.js";
import { h, setText } from "../kit/shell/dom.js";
import { createImagePicker } from "../kit/image/image_picker.js";
import { OneByOne } from "../kit/shell/one_by_one.js";
import { createSeen, dim, empty, withArticle } from "../kit/shell/parts.js";
import { imageOf, PIXELS } from "../kit/image/pixels.js";
import { keySlider } from "../kit/shell/slider.js";
import { distance, rowsPicture, Strip } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { mixWords } from "./layers_words.js";
import { createRetry } from "./retry.js";

const EXAMPLES = { img: 108, img2: 0 };
const SIZE = { board: 260, strip: 72 };
const COUNTS = 6;

export class LayersMix {
  constructor(ctx) {
    this.ctx = ctx;
    this.answers = new OneByOne(ctx, "mix", () => ctx.refresh("mixed"));
    this.bytes = new WeakMap();
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.pickers = Object.entries(EXAMPLES).map(([key, example], i) =>
      createImagePicker(ctx, { key, example, name: `Image ${"AB"[i]}`, title: "No." })
    );
    this.sides = ["A, fine z of B", "B, fine z of A"].map((name) => this.sideOf(`Coarse z of ${name}`, commit));
    this.wait = empty("The two images are on their way through the flow…");
    this.element = h("div", { class: "layers-part layers-mix" }, this.wait, this.sides.map(({ element }) => element));
    this.cut = keySlider(ctx, "cut", "Coarse", {
      step: 1,
      words: (cut) => `${this.answer?.counts[cut] ?? "–"} of ${PIXELS}`,
      label: "How many of the z are the coarse ones",
      live: true,
    });
    this.seen = createSeen();
    const pickers = h("div", { class: "row layers-pickers" }, this.pickers.map(({ element }) => element));
    this.retry = createRetry(() => this.answers.want([this.request]));
    this.controls = [pickers, this.cut.element, this.retry.element, this.seen.element];
  }

  /** One way round: the mixture at the cut, large, and at every cut, small. */
  sideOf(name, commit) {
    const board = new Board({ label: name, size: SIZE.board });
    const strip = new Strip(`${name}, from none of the coarse one's z to all`, COUNTS, SIZE.strip);
    strip.canvas.addEventListener("click", (event) => commit({ cut: strip.placeAt(event) }));
    const words = h("p", { class: "note number" });
    const element = h("section", { class: "mix-side" }, h("h2", {}, name), board.element, strip.element, words);
    return { name, board, strip, words, element };
  }

  get request() {
    const { net } = this.ctx.store.get();
    const { dataset: set } = this.ctx.net();
    const [picture, other] = this.pickers.map(({ index }) => ({ test: index(), set }));
    return { net, picture, other };
  }

  get answer() {
    return this.answers.of(this.request);
  }

  update(changed) {
    this.ctx.images(this.ctx.net().dataset);
    for (const picker of this.pickers) picker.update();
    if (["net", "img", "img2", "mode"].some((key) => changed.has(key))) this.answers.want([this.request]);
    this.cut.set(this.ctx.store.get().cut);
    this.show();
  }

  /** The images of an answer, unpacked once. */
  imagesOf(answer) {
    if (!this.bytes.has(answer)) this.bytes.set(answer, fromBase64(answer.x));
    return this.bytes.get(answer);
  }

  show() {
    const { answer } = this;
    this.retry.show(this.answers.hasFailed(this.request));
    this.wait.hidden = this.shown !== undefined || answer !== null;
    dim(this.element, !answer && this.shown !== undefined);
    if (!answer) return;
    this.shown = answer;
    const { cut } = this.ctx.store.get();
    const x = this.imagesOf(answer);
    this.sides.forEach(({ board, strip, words }, i) => {
      const at = i * COUNTS + cut;
      const image = imageOf(x, at);
      const told = `${answer.counts[cut]} numbers of its z are the coarse one's`;
      board.show({ values: Float32Array.from(image, (level) => level / 255), words: told });
      if (i === 0) this.ctx.show("out", image);
      strip.show(imageOf(x, i, COUNTS), `${answer.counts.join(", ")} z`);
      strip.mark(cut);
      setText(
        words,
        `${answer.counts[cut]} z coarse, ${PIXELS - answer.counts[cut]} fine · log p(x) ${this.nats(at)} nats`,
      );
    });
    this.seen(this.wordsOf(cut));
  }

  nats(at) {
    return this.answer.log_prob[at].toFixed(1).replace("-", "\u2212");
  }

  /** What both images are, as far as that is read. */
  get classes() {
    const { assets } = this.ctx;
    return this.pickers.map(({ index }) =>
      assets.ready ? withArticle(assets.classes[assets.labels[index()]]) : `test image ${index()}`
    );
  }

  /** What is said of the coarse z of A with the fine z of B. */
  wordsOf(cut) {
    const { answer } = this;
    const whole = [COUNTS - 1, 0];
    const x = this.imagesOf(answer);
    return mixWords({
      count: answer.counts[cut],
      classes: this.classes,
      logProb: answer.log_prob[cut],
      ends: whole.map((k) => answer.log_prob[k]),
      far: whole.map((k) => distance(x, cut, x, k)),
      squared: answer.squared_length[cut],
    });
  }

  hasResult() {
    return Boolean(this.answer);
  }

  picture() {
    const { answer } = this;
    if (!answer) return null;
    const x = this.imagesOf(answer);
    const rows = this.sides.map(({ name }, i) => ({
      name,
      bytes: imageOf(x, i, COUNTS),
    }));
    return rowsPicture(rows, COUNTS, this.ctx.colours());
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const head = ["coarse z of", "how many", "log p(x), nats", "squared length of z"];
    const rows = answer.log_prob.map((nats, k) => [
      "AB"[Math.floor(k / COUNTS)],
      answer.counts[k % COUNTS],
      nats,
      answer.squared_length[k],
    ]);
    return { name: `${this.ctx.store.get().net}-mix`, rows: [head, ...rows] };
  }
}
