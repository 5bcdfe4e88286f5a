/** An image appears pixel by pixel, and beside it what the network predicted for the pixel that is being drawn. */

import { fill, h } from "../kit/base/dom.js";
import { headline } from "../kit/panel/more.js";
import { capital, num } from "../kit/base/format.js";
import { createSeen, dim, dimAnswer, fillPanel, whileBusy } from "../kit/panel/parts.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { createFilm } from "../kit/film/player.js";
import { Board, placeOf } from "../kit/image/board.js";
import { Played } from "../kit/film/filmed.js";
import { createControls } from "./controls.js";
import { Distribution, share } from "./distribution.js";
import { bitsOf, entropyBits, levelName, probabilities, temper } from "./levels.js";
import { createNearest } from "../kit/image/nearest.js";
import { createTries } from "../kit/lesson/tries.js";
import { Wall } from "../kit/image/wall.js";
import { generateWords } from "./words.js";

const PER_SECOND = 60;
const GIF_FRAMES = 100;
const ASK_AGAIN = ["net", "seed", "label", "T", "grid", "order", "tap", "mode"];
const NOTHING = "–";

class Generate extends Played {
  constructor(ctx) {
    super();
    this.ctx = ctx;
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
      onChoose: (tap) => this.start({ tap }),
      size: LARGE,
    });
    this.distribution = new Distribution(this.ctx);
    this.numbers = headline(this.rows(0), 5);
    this.seen = createSeen();
    this.nearest = createNearest(ctx);
    this.controls = createControls(ctx, { grid: true, onPreview: (T) => this.tryT(T), onRetry: () => this.ask() });
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
    fill(ctx.main, this.film.host);
    fillPanel(ctx, this.controls.element, this.seen.element, this.nearest.element, createTries(ctx));
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

  /** Has another image drawn or watched. */
  start(patch) {
    this.ctx.store.commit(patch);
  }

  goTo(pixel) {
    if (this.trace) this.film.go(this.trace.places[pixel] + 1);
  }

  update(changed) {
    this.controls.update();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    else if (changed.has("at") && (this.film.timer || this.film.index !== this.at)) this.stand();
  }

  /** Goes where the address says; where it says nothing, the film begins by itself. */
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
    this.controls.failed(false);
    if (this.ctx.net().error) return this.clear();
    if (!this.isEarlier) return this.watch();
    this.dim();
    this.show(this.film.index);
    const trace = await whileBusy(this.controls.again, () => drawn.get(), "Drawing…");
    if (turn !== this.asking || key !== drawn.key) return;
    if (!trace) return this.controls.failed(true);
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
    if (!detail) return this.controls.failed(true);
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
    if (at === 0) return "Nothing is drawn yet: ▶ plays, » draws a row, › a pixel.";
    const { trace, index } = this;
    const pixel = trace.order[at - 1];
    if (at === PIXELS) return `Finished: −log p(x) = ${num(-trace.logProbSoFar(index))} nats.`;
    const place = placeOf(pixel);
    return `${place[0].toUpperCase()}${place.slice(1)} became ${levelName(trace.net, trace.image(index)[pixel])}.`;
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
    const words = trace ? this.caption(at) : "nothing is drawn yet";
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

  rows(at) {
    const { trace, index, detail } = this;
    const pixel = this.penAt(at);
    const known = trace && at > 0;
    const logProb = known ? trace.logProb(index)[pixel] : null;
    const soFar = known ? trace.logProbSoFar(index, at) : 0;
    const entropy = detail ? entropyBits(probabilities(detail.net, detail.parametersOf(pixel))) : null;
    const end = at === PIXELS;
    return [
      ["pixel", `${at} of ${PIXELS}`],
      ["drawn", known ? levelName(trace.net, trace.image(index)[pixel]) : NOTHING],
      ["p of what was drawn", known ? share(Math.exp(logProb)) : NOTHING],
      ["bits of this pixel", known ? num(bitsOf(logProb), 3) : NOTHING, "bits"],
      ["its entropy", entropy === null ? NOTHING : num(entropy, 3), "bits"],
      [end ? "−log p(x)" : "−log p so far", num(-soFar), "nats"],
      [end ? "bits/dim" : "bits per pixel so far", known ? num(bitsOf(soFar) / at, 3) : NOTHING, "bits"],
    ];
  }

  /** The sentences, and of a finished image the nearest training image. */
  say(moving) {
    const { trace, index, ctx, shownKey } = this;
    const at = this.film.index;
    if (!trace) return;
    this.seen(generateWords({ trace, index, at, T: ctx.store.get().T }), moving);
    this.nearest.meet(at === PIXELS ? `${shownKey} ${index}` : null, this.greys[index], trace.net.dataset);
  }

  hasResult() {
    return Boolean(this.trace);
  }

  table() {
    if (!this.trace) return null;
    const { trace, index } = this;
    return { name: `${trace.net.name}-generated`, rows: trace.rows(index) };
  }
}

export default {
  hint: "Each pixel is drawn from the distribution beside it",
  create: (ctx) => new Generate(ctx),
};
