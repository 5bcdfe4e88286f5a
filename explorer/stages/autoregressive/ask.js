/**
 * Any pixel of an image: what the network predicted for it, how surprising it is, and what the prediction depends on.
 */

import { button, h } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { dimAnswer, empty } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats32, fromBase64, toBase64, unpackBits } from "../kit/plane/tensors.js";
import { Board, placeOf } from "../kit/image/board.js";
import { Distribution, share } from "./distribution.js";
import { LARGE, PIXELS } from "../kit/image/pixels.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { bitsOf, entropyBits, levelName, probabilities } from "./levels.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";

const EXPECTED = 0.02; // bits of a pixel that is no surprise
const [BLUE, GREY] = ["#41a3f8", "#999999"]; // of the board, in both themes
const KEYS = [
  ["■", "changes this prediction", () => BLUE],
  ["□", "may change it", () => BLUE],
  ["■", "not yet visible", () => GREY],
];

class Ask extends ByHand {
  constructor(ctx) {
    super(ctx, "ask");
    Object.assign(this, { trace: null, shownKey: null, field: null, hovered: null });
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
    this.numbers = headline(figuresOf(this.declared, {}), 5);
    this.legend = createHeatLegend("bits");
    this.heat = button("Colour by surprise", () => commit({ heat: !ctx.store.get().heat }), { pressed: false });
    this.chooser = new Picture(ctx);
    this.none = empty(this.declared.says.none);
    this.keys = createLegend(ctx);
    this.keys.show(KEYS);
    const under = h("div", { class: "row under-board" }, this.heat, this.legend.element, this.keys.element);
    const left = h("div", { class: "board-column" }, this.board.element, under);
    this.dims = [this.board.element, this.distribution.element];
    const right = h("div", { class: "beside-side" }, this.distribution.element, this.numbers);
    this.open(h("div", { class: "beside" }, left, right), { below: [this.chooser.element, this.none] });
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
    const { drawn, store, net } = this.ctx;
    const picture = drawnOrTest(store.get(), net().dataset);
    return picture && { ...drawn.asking("ask"), picture };
  }

  /** The pixel asked about: under the pointer, tapped, or the one that surprised most. */
  get pixel() {
    return this.hovered ?? this.asked;
  }

  get asked() {
    return this.ctx.store.get().pixel ?? this.most;
  }

  update(changed) {
    const { heat } = this.ctx.store.get();
    this.controls.update();
    this.heat.setAttribute("aria-pressed", String(heat));
    this.legend.element.hidden = !heat;
    this.keys.element.hidden = heat;
    this.chooser.element.hidden = this.generated;
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
    const trace = generated ? await ctx.drawn.watched() : await ctx.drawn.traces.get(request);
    if (key !== this.shownKey) return;
    if (!trace) this.shownKey = null;
    else this.take(trace);
  }

  clear() {
    this.trace = null;
    dimAnswer(this, false);
    this.seen("");
    this.numbers.set(figuresOf(this.declared, {}));
    this.ctx.show("out", null);
    this.board.show({ values: new Float32Array(PIXELS), known: 0, words: this.declared.says.nothing });
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
    const asked = {
      ...ctx.drawn.asking("ask"),
      net: trace.net.name,
      picture: { pixels: toBase64(trace.image()) },
      pixel,
    };
    const answer = await ctx.ask("receptive", asked, { again: () => this.dependOn() });
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
    if (pixel !== null && this.trace) this.ctx.describe(sentences(this.declared, this.reportOf(pixel), "hovered"));
  }

  show() {
    const { trace, pixel, ctx, bits, declared } = this;
    if (!trace) return;
    const field = this.field?.pixel === this.asked ? this.field : null;
    const { heat } = ctx.store.get();
    const [shown, asked] = [this.reportOf(pixel), this.reportOf(this.asked)];
    this.board.show({
      values: trace.grey(),
      ring: this.asked,
      heat: heat ? bits : null,
      veil: field && !heat ? veilOf(field.gradient) : null,
      outline: field?.reach ?? null,
      words: sentences(declared, asked, "board"),
    });
    ctx.show("out", trace.grey());
    this.distribution.show({
      probabilities: shown.predicted,
      drawn: trace.image()[pixel],
      mark: this.generated ? "drawn" : "real",
      title: sentences(declared, shown, "title"),
    });
    this.numbers.set(figuresOf(declared, shown));
    const said = sentences(declared, asked, asked.bits < EXPECTED ? "expected" : "cost");
    this.seen(`${said} ${field?.words ?? ""}`.trim());
  }

  /** Figures of a pixel. */
  reportOf(pixel) {
    const { trace, generated, request, declared } = this;
    const [logProb, predicted] = [trace.logProb()[pixel], probabilities(trace.net, trace.parametersOf(pixel))];
    return {
      place: placeOf(pixel),
      level: levelName(trace.net, trace.image()[pixel]),
      p: share(Math.exp(logProb)),
      bits: bitsOf(logProb),
      predicted,
      entropy: entropyBits(predicted),
      cost: -trace.logProbSoFar(),
      whose: generated ? declared.says.generated : nameOf(request?.picture ?? {}),
    };
  }

  get found() {
    return this.trace;
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
  create: (ctx) => new Ask(ctx),
};
