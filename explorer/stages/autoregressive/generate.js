/** An image appears pixel by pixel, and beside it what the network predicted for the pixel that is being drawn. */

import { h } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { capital } from "../kit/base/format.js";
import { sum } from "../kit/base/sums.js";
import { dim, dimAnswer, whileBusy } from "../kit/panel/parts.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { createFilm } from "../kit/film/player.js";
import { Board, placeOf } from "../kit/image/board.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { Distribution, share } from "./distribution.js";
import { bitsOf, entropyBits, levelName, probabilities, temper } from "./levels.js";
import { createNearest } from "../kit/image/nearest.js";
import { Wall } from "../kit/image/wall.js";

const PER_SECOND = 60;
const GIF_FRAMES = 100;
const CERTAIN = 0.99;

class Generate extends ByHand {
  constructor(ctx) {
    super(ctx, "generate");
    Object.assign(this, { trace: null, shownKey: null, detail: null, preview: null, asking: 0, watching: 0 });
    this.build();
  }

  build() {
    const { ctx } = this;
    this.board = new Board({
      label: "The image being drawn. Tap a pixel, or choose one with the arrow keys and Enter, to go to it",
      onTap: (pixel) => this.goTo(pixel),
      size: LARGE,
    });
    this.wall = new Wall({
      label: "Sixteen images being drawn. Arrow keys choose which one is watched.",
      onChoose: (tap) => ctx.store.commit({ tap }),
      size: LARGE,
    });
    this.distribution = new Distribution(this.ctx);
    this.numbers = headline(this.rows(0), 5);
    this.nearest = createNearest(ctx);
    this.controls.onPreview = (_, T) => this.tryT(T);
    const beside = h("div", { class: "beside-side" }, this.distribution.element, this.numbers);
    this.film = createFilm({
      screen: h("div", { class: "beside" }, this.board.element, this.wall.element, beside),
      label: "Drawing, pixel by pixel",
      filename: "autoregressive.gif",
      framesPerSecond: PER_SECOND,
      stride: { size: SIDE, name: "row" },
      frames: GIF_FRAMES,
      places: () => ["at"],
      onStep: (at, { rest }) => ctx.store.set({ at }, { commit: rest }),
      tell: (moving) => this.say(moving),
    });
    this.dims = [this.board.element, this.wall.element, this.film.parts.caption, this.nearest.element];
    this.open(this.film.host, { under: [this.nearest.element] });
    this.show(0);
  }

  /** The number of drawn pixels; unless it is set, the film begins by itself, or is over where motion is unwanted. */
  get at() {
    return this.ctx.store.get().at ?? (this.ctx.prefersReducedMotion() ? PIXELS : 0);
  }

  /** Index of the watched image on screen. */
  get index() {
    return this.trace?.count === 1 ? 0 : this.ctx.drawn.index;
  }

  goTo(pixel) {
    if (this.trace) this.film.go(this.trace.places[pixel] + 1);
  }

  update(changed) {
    this.controls.update();
    if (["tap", "mode", ...this.controls.asks].some((key) => changed.has(key))) this.ask();
    else if (changed.has("at") && (this.film.timer || this.film.index !== this.at)) this.stand();
  }

  /** Goes to the place in the address; without one, the film begins by itself. */
  stand() {
    const { film, ctx } = this;
    const { at } = ctx.store.get();
    if (at !== null || ctx.prefersReducedMotion()) film.follow(at, this.at);
    else if (!film.timer && this.trace) {
      film.show(0);
      film.toggle();
    }
  }

  /** Has the image drawn; what is on screen stays, dimmed, until it is. */
  async ask() {
    const { drawn } = this.ctx;
    const { key } = drawn;
    const turn = ++this.asking;
    this.preview = null;
    this.controls.seed.failed(false);
    if (this.ctx.net().error) return this.clear();
    if (!this.isEarlier) return this.watch();
    this.dim();
    this.show(this.film.index);
    const trace = await whileBusy(this.controls.seed.again, () => drawn.get(), "Drawing…");
    if (turn !== this.asking || key !== drawn.key) return;
    if (!trace) return this.controls.seed.failed(true);
    Object.assign(this, {
      trace,
      shownKey: key,
      detail: null,
      greys: Array.from({ length: trace.count }, (_, i) => trace.grey(i)),
    });
    this.film.index = this.at;
    this.film.setSteps(this.steps());
    this.watch();
  }

  /** Nothing of another network stays where this one cannot be read; the status says why. */
  clear() {
    Object.assign(this, { trace: null, shownKey: null, detail: null });
    this.film.clear();
    this.dim();
    this.seen("");
    this.nearest.meet(null);
    this.show(0);
  }

  /** True if another image is on screen, or none, than the one asked for. */
  get isEarlier() {
    return this.shownKey !== this.ctx.drawn.key;
  }

  dim() {
    const { trace, detail, isEarlier } = this;
    dimAnswer(this, trace && isEarlier);
    dim(this.distribution.element, trace && (isEarlier || !detail));
  }

  /** The chosen image of the grid, and what was predicted while it was drawn. */
  async watch() {
    const turn = ++this.watching;
    const { drawn } = this.ctx;
    this.detail = null;
    this.dim();
    this.stand();
    const { key, index } = drawn;
    const detail = await drawn.watched();
    if (turn !== this.watching || key !== drawn.key || index !== drawn.index) return;
    if (!detail) return this.controls.seed.failed(true);
    this.detail = detail;
    this.dim();
    this.film.show(this.film.index);
  }

  steps() {
    return {
      length: PIXELS + 1,
      show: (at) => this.show(at),
      caption: (at) => this.caption(at),
      place: (at) => `${at}/${PIXELS}`,
    };
  }

  caption(at) {
    const name = at === 0 ? "blank" : at === PIXELS ? "finished" : "became";
    return sentences(this.declared, this.reportAt(at), name);
  }

  /** The pixel that is being drawn; before the first, the first to come, and none when all are. */
  penAt(at) {
    return this.trace?.order[Math.max(0, at - 1)] ?? 0;
  }

  scene(at) {
    const ring = at === PIXELS ? null : this.penAt(at);
    return { known: at, order: this.trace?.order ?? null, ring };
  }

  show(at) {
    const many = this.trace?.count > 1;
    this.board.element.hidden = many;
    this.wall.element.hidden = !many;
    const { index, trace } = this;
    const words = trace ? this.caption(at) : this.declared.says.nothing;
    if (many) this.wall.show({ ...this.scene(at), images: this.greys, chosen: index, words });
    else this.board.show({ ...this.scene(at), values: trace ? this.greys[0] : new Float32Array(PIXELS), words });
    this.ctx.show("out", trace ? (many ? this.wall : this.board).canvas : null);
    this.showPrediction(at);
    this.numbers.set(this.rows(at));
  }

  showPrediction(at) {
    const { detail, ctx } = this;
    this.distribution.element.style.visibility = this.trace ? "" : "hidden";
    if (!detail) return;
    const pixel = this.penAt(at);
    const { net } = detail;
    const predicted = probabilities(net, detail.parametersOf(pixel));
    const T = this.preview ?? ctx.store.get().T;
    this.distribution.show({
      probabilities: predicted,
      tempered: T === 1 ? null : temper(predicted, T),
      drawn: at === 0 ? null : detail.image()[pixel],
      title: capital(placeOf(pixel)),
    });
  }

  tryT(T) {
    this.preview = T;
    this.showPrediction(this.film.index);
  }

  /** Figures of the pixel that is being drawn, and of those so far. */
  reportAt(at) {
    const { trace, index, detail } = this;
    const pixel = this.penAt(at);
    const entropy = detail ? entropyBits(probabilities(detail.net, detail.parametersOf(pixel))) : null;
    if (!trace || at === 0) return { at, entropy, cost: 0 };
    const [logProb, soFar] = [trace.logProb(index)[pixel], trace.logProbSoFar(index, at)];
    const drawn = { place: capital(placeOf(pixel)), level: levelName(trace.net, trace.image(index)[pixel]) };
    return {
      at,
      ...drawn,
      p: share(Math.exp(logProb)),
      bits: bitsOf(logProb),
      entropy,
      cost: -soFar,
      rate: bitsOf(soFar) / at,
    };
  }

  rows(at) {
    return figuresOf(this.declared, this.reportAt(at), at === PIXELS ? "drawn" : "begun");
  }

  words(at) {
    const { T } = this.ctx.store.get();
    const costs = costsOf(this.trace, this.index, at);
    const picked = T === 1 ? "usual" : costs.total < costs.expected ? "likelier" : "less_likely";
    const names = at === 0 ? ["begin"] : at < PIXELS ? ["begun", "so_far"] : ["drawn", picked];
    return sentences(this.declared, { at, T: String(Number(T.toFixed(2))), ...costs }, ...names);
  }

  /** The sentences, and of a finished image the nearest training image. */
  say(moving) {
    const { trace, index, shownKey } = this;
    const at = this.film.index;
    if (!trace) return;
    this.seen(this.words(at), moving);
    this.nearest.meet(at === PIXELS ? `${shownKey} ${index}` : null, this.greys[index], trace.net.dataset);
  }

  get found() {
    return this.trace;
  }

  table() {
    if (!this.trace) return null;
    const { trace, index } = this;
    return { name: `${trace.net.name}-generated`, rows: trace.rows(index) };
  }
}

/**
 * Sums over the first `at` drawn pixels: their bits of surprise, the expected bits, the share of nearly certain pixels,
 * and the least number of pixels with half of the bits.
 */
function costsOf(trace, index, at) {
  const all = trace.bits(index);
  const bits = Array.from(trace.order.subarray(0, at), (pixel) => all[pixel]).sort((a, b) => b - a);
  const total = sum(bits);
  let [held, half] = [0, 0];
  while (held < total / 2) held += bits[half++];
  const certain = bits.filter((value) => value < -Math.log2(CERTAIN)).length / at;
  return { total, expected: sum(trace.entropy(index)) / Math.LN2, certain, half };
}

export default {
  create: (ctx) => new Generate(ctx),
};
