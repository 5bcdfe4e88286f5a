/** Straight through: the losses of one image, where its gradient goes, and what comes of a step down it. */

import { Chart } from "../kit/chart/chart.js";
import { headline } from "../kit/shell/more.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { captioned, dim } from "../kit/shell/parts.js";
import { createSlider } from "../kit/shell/slider.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { TokenGrid } from "./tokens_grid.js";
import { OfTokens } from "./tokens_net.js";
import { stepWords } from "./tokens_words.js";

const HEIGHT = 210;

class Straight extends OfTokens {
  constructor(ctx) {
    super(ctx, { name: "through", wish: "Choose a test image or draw one: its loss is followed back to the encoder." });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.image = new TokenGrid({ label: "The image's tokens, decoded" });
    this.decoder = new TokenGrid({ label: "The gradient at the decoder's input" });
    this.encoder = new TokenGrid({ label: "The gradient that the encoder is given" });
    this.chart = new Chart(ctx, {
      label: "What a step down the gradient changes, in nats",
      height: HEIGHT,
      onMove: (promise, { rest }) => this.move(promise, rest),
    });
    this.numbers = headline(this.rows(null), 3);
    const whole = h(
      "div",
      { class: "tokens-whole through" },
      h(
        "div",
        { class: "tokens-pair tokens-three" },
        captioned(this.image.canvas, "its tokens, decoded"),
        captioned(this.decoder.canvas, "‖∂L/∂z_q‖ at the decoder's input"),
        captioned(this.encoder.canvas, "‖∂L/∂z_e‖, what the encoder is given"),
      ),
      this.numbers,
      this.chart.element,
    );
    this.slider = createSlider("Step", {
      field: ctx.fields.promise,
      step: 0.5,
      words: (value) => `promises ${num(value, 1)} nats`,
      label: "The step down the gradient, by the nats that it promises",
      onPreview: (promise) => this.move(promise, false),
      onRelease: (promise) => this.move(promise, true),
    });
    this.open(whole, this.slider.element);
  }

  move(promise, commit) {
    this.ctx.store.set({ promise: Math.round(2 * promise) / 2 }, { commit });
  }

  update() {
    this.slider.set(this.ctx.store.get().promise);
    super.update();
  }

  /** The place of the step among those that were computed. */
  placeOf({ promised }) {
    return Math.round((this.ctx.store.get().promise / promised.at(-1)) * (promised.length - 1));
  }

  show(found) {
    const place = this.placeOf(found);
    const bytes = fromBase64(found.p);
    this.ctx.show("out", bytes);
    this.image.show({ bytes, words: "as they are decoded" });
    this.decoder.show({ heat: found.at_decoder, words: "brighter where the loss depends more on a token" });
    this.encoder.show({ heat: found.at_encoder, words: "the same, copied" });
    for (const each of [this.image, this.decoder, this.encoder]) dim(each.canvas, !this.isFresh);
    this.numbers.set(this.rows(found));
    this.draw(found, place);
    this.tell(stepWords(found, place));
  }

  draw({ promised, free, chosen, moved }, place) {
    const line = (values) => values.map((value, k) => [promised[k], value]);
    const values = [...free, ...chosen, -promised.at(-1)];
    const [low, high] = [Math.min(...values, -1), Math.max(...values, 1)];
    const last = promised.at(-1);
    this.chart.show({
      xs: [0, last],
      ys: [low, high],
      ticks: { x: [0, last / 2, last], y: [Math.round(low), 0, ...(high > 4 ? [Math.round(high)] : [])] },
      name: "nats: promised (dashed), decoder alone, tokens chosen anew (orange)",
      lines: [
        { points: [[0, 0], [last, -last]], colour: "quiet", dash: [5, 4] },
        { points: line(free), colour: "ink" },
        { points: line(chosen), colour: "you" },
      ],
      cursor: promised[place],
      words: `promised ${num(-promised[place], 1)}, ${num(chosen[place], 1)} with ${moved[place]} tokens chosen anew`,
    });
  }

  rows(found) {
    return [
      ["−log p(x | z), nats", num(found?.distortion, 1)],
      ["commitment β‖z_e − e‖²", found ? num(found.weight * found.squares, 2) : "–"],
      ["codebook ‖z_e − e‖²", num(found?.squares, 2)],
      ["the two gradients differ by", found ? num(found.apart, 6) : "–"],
    ];
  }

  picture() {
    return this.found && this.decoder.canvas;
  }

  table() {
    const { found } = this;
    if (!found) return null;
    const rows = found.promised.map((nats, k) => [nats, found.free[k], found.chosen[k], found.moved[k]]);
    return { name: `${this.ctx.net().name}-step`, rows: [["promised", "free", "chosen", "tokens moved"], ...rows] };
  }
}

export default {
  hint: "Drag the step: what does the copied gradient gain?",
  create: (ctx) => new Straight(ctx),
};
