/**
 * Any pixel of an image: what the network predicted for it, how surprising it is, and what the prediction depends on.
 */

import { button, fill, h } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { num } from "../kit/base/format.js";
import { createSeen, dimAnswer, empty, fillPanel, segmented } from "../kit/panel/parts.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats32, fromBase64, toBase64, unpackBits } from "../kit/plane/tensors.js";
import { Board, placeOf } from "../kit/image/board.js";
import { createControls } from "./controls.js";
import { Distribution, share } from "./distribution.js";
import { LARGE, PIXELS } from "../kit/image/pixels.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { bitsOf, entropyBits, levelName, probabilities } from "./levels.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { Trace } from "./trace.js";
import { askWords } from "./words.js";

const WHOSE = [["generated", "The image it draws"], ["chosen", "Another image"]];
const NOTHING = "–";
const [BLUE, GREY] = ["#41a3f8", "#999999"]; // of the board, in both themes
const KEYS = [
  ["■", "changes this prediction", () => BLUE],
  ["□", "may change it", () => BLUE],
  ["■", "not yet visible", () => GREY],
];
const NONE = "Choose a test image, or draw one of your own: then every pixel of it can be asked about.";

class Ask {
  constructor(ctx) {
    Object.assign(this, { ctx, trace: null, shownKey: null, field: null, hovered: null });
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    const label = "The image. Move over a pixel for its prediction; tap it, or choose it with the arrow keys and " +
      "Enter, for what the prediction depends on";
    this.board = new Board({
      label,
      onTap: (pixel) => this.tap(pixel),
      onHover: (pixel) => this.hover(pixel),
      size: LARGE,
    });
    this.distribution = new Distribution(this.ctx);
    this.numbers = headline(this.rows(null), 5);
    this.legend = createHeatLegend("bits");
    this.heat = button("Colour by surprise", () => commit({ heat: !ctx.store.get().heat }), { pressed: false });
    this.whose = segmented("Whose pixels", WHOSE, (about) => commit({ about, pixel: null }));
    this.controls = createControls(ctx);
    this.chooser = new Picture(ctx);
    this.seen = createSeen();
    this.none = empty(NONE);
    this.keys = createLegend(ctx);
    this.keys.show(KEYS);
    const under = h("div", { class: "row under-board" }, this.heat, this.legend.element, this.keys.element);
    const left = h("div", { class: "board-column" }, this.board.element, under);
    this.dims = [this.board.element, this.distribution.element];
    const right = h("div", { class: "beside-side" }, this.distribution.element, this.numbers);
    fill(ctx.main, h("div", { class: "beside" }, left, right));
    fillPanel(ctx, this.whose, this.chooser.element, this.controls.element, this.none, this.seen.element);
  }

  /** Asks what a pixel depends on; a question that got no answer is asked again. */
  tap(pixel) {
    if (pixel === this.asked && this.field?.pixel !== pixel) this.dependOn();
    this.ctx.store.commit({ pixel });
  }

  get generated() {
    return this.ctx.store.get().about === "generated";
  }

  /** Question to Python for a trace, where the image is not one that the network draws. */
  get request() {
    const { label, order } = this.ctx.drawn.request;
    const state = this.ctx.store.get();
    const picture = drawnOrTest(state, this.ctx.net().dataset);
    return picture && { net: state.net, picture, label, order };
  }

  /** The pixel asked about: under the pointer, tapped, or the one that surprised most. */
  get pixel() {
    return this.hovered ?? this.asked;
  }

  get asked() {
    return this.ctx.store.get().pixel ?? this.most;
  }

  update(changed) {
    const { heat, about } = this.ctx.store.get();
    this.whose.set(about);
    this.heat.setAttribute("aria-pressed", String(heat));
    this.legend.element.hidden = !heat;
    this.keys.element.hidden = heat;
    this.chooser.element.hidden = this.generated;
    this.controls.update(this.generated);
    if (!this.generated) {
      startWithExample(this.ctx);
      this.chooser.update();
    }
    this.read();
    if (changed.has("pixel")) this.dependOn();
    else if (changed.has("heat")) this.show();
  }

  /** Has the image traced, unless it is the one on screen. */
  async read() {
    const { ctx, generated, request } = this;
    const key = generated ? `${ctx.drawn.key} ${ctx.drawn.index}` : JSON.stringify(request);
    if (key === this.shownKey) return;
    this.shownKey = key;
    if (ctx.net().error) return this.clear();
    this.none.hidden = generated || request !== null;
    dimAnswer(this, true);
    if (!generated && !request) return this.clear();
    const trace = generated ? await ctx.drawn.watched() : await this.traceOf(request);
    if (key !== this.shownKey) return;
    if (!trace) this.shownKey = null;
    else this.take(trace);
  }

  async traceOf(request) {
    const net = this.ctx.net();
    const answer = await this.ctx.ask("trace", request);
    return answer && new Trace(answer, net);
  }

  clear() {
    this.trace = null;
    dimAnswer(this, false);
    this.seen("");
    this.numbers.set(this.rows(null));
    this.ctx.show("out", null);
    this.board.show({ values: new Float32Array(PIXELS), known: 0, words: "no image is chosen" });
  }

  take(trace) {
    const bits = trace.bits();
    const most = bits.indexOf(Math.max(...bits));
    const fed = Uint8Array.from(trace.grey(), (value) => Math.round(255 * value));
    Object.assign(this, { trace, bits, most, field: null });
    dimAnswer(this, false);
    this.legend.show(bits);
    if (!this.generated) this.chooser.fed(fed, trace.net.levels);
    this.show();
    this.dependOn();
  }

  /** Inputs that the prediction of the tapped pixel depends on, by the network's own gradient. */
  async dependOn() {
    const { trace, asked: pixel, ctx } = this;
    this.show();
    if (!trace) return;
    const { label, order } = ctx.drawn.request;
    const picture = { pixels: toBase64(trace.image()) };
    const answer = await ctx.ask("receptive", { net: trace.net.name, picture, label, order, pixel }, {
      again: () => this.dependOn(),
    });
    if (!answer || trace !== this.trace || pixel !== this.asked) return;
    this.field = {
      pixel,
      words: answer.words,
      gradient: floats32(answer.gradient),
      reach: unpackBits(fromBase64(answer.reach)),
    };
    this.show();
  }

  hover(pixel) {
    this.hovered = pixel;
    this.show();
    if (pixel !== null && this.trace) {
      this.ctx.describe(
        `${placeOf(pixel)}: ${levelName(this.trace.net, this.trace.image()[pixel])}, ` +
          `${num(this.bits[pixel])} bits of surprise.`,
      );
    }
  }

  show() {
    const { trace, pixel, ctx, bits } = this;
    if (!trace) return;
    const field = this.field?.pixel === this.asked ? this.field : null;
    const { heat } = ctx.store.get();
    const predicted = probabilities(trace.net, trace.parametersOf(pixel));
    this.board.show({
      values: trace.grey(),
      ring: this.asked,
      heat: heat ? bits : null,
      veil: field && !heat ? veilOf(field.gradient) : null,
      outline: field?.reach ?? null,
      words: `${placeOf(this.asked)} is asked about: ${num(bits[this.asked])} bits of surprise`,
    });
    ctx.show("out", trace.grey());
    this.distribution.show({
      probabilities: predicted,
      drawn: trace.image()[pixel],
      mark: this.generated ? "drawn" : "real",
      title: `Predicted for ${placeOf(pixel)}`,
    });
    this.numbers.set(this.rows(pixel, predicted));
    const whose = this.generated ? "the image it drew" : nameOf(this.request?.picture ?? {});
    this.seen(`${askWords({ trace, pixel: this.asked, whose })} ${field?.words ?? ""}`.trim());
  }

  rows(pixel, predicted) {
    const { trace } = this;
    const known = trace !== null && pixel !== null;
    const logProb = known ? trace.logProb()[pixel] : null;
    return [
      ["pixel", known ? placeOf(pixel) : NOTHING],
      ["it is", known ? levelName(trace.net, trace.image()[pixel]) : NOTHING],
      ["p of that", known ? share(Math.exp(logProb)) : NOTHING],
      ["surprise", known ? num(bitsOf(logProb), 3) : NOTHING, "bits"],
      ["entropy", known ? num(entropyBits(predicted), 3) : NOTHING, "bits"],
      ["−log p(x)", known ? num(-trace.logProbSoFar()) : NOTHING, "nats"],
    ];
  }

  hasResult() {
    return Boolean(this.trace);
  }

  table() {
    const { trace, field } = this;
    if (!trace) return null;
    const [head, ...rows] = trace.rows();
    const name = `${trace.net.name}-asked`;
    if (!field) return { name, rows: [head, ...rows] };
    const column = `gradient_of_pixel_${field.pixel}`;
    return { name, rows: [[...head, column], ...rows.map((row) => [...row, field.gradient[row[0]]])] };
  }
}

/** Gradients as opacities: the square root of their share of the largest. */
function veilOf(gradient) {
  const most = Math.max(...gradient);
  return gradient.map((value) => (most > 0 ? Math.sqrt(value / most) : 0));
}

export default {
  hint: "Tap a pixel to see what its prediction depends on",
  create: (ctx) => new Ask(ctx),
};
