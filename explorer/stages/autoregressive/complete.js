/** Complete: the upper rows of an image are kept, and the network draws the rest eight times. */

import { Board } from "../kit/image/board.js";
import { Cut } from "../kit/image/cut.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { LARGE, PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";
import { createFilm } from "../kit/film/player.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { mean } from "../kit/base/sums.js";
import { ReportAnswer } from "../kit/panel/report_answer.js";
import { images } from "../questions/images.js";
import { Completions } from "./completions.js";
import { Trace } from "./trace.js";

const COUNT = 8;

class Complete extends ReportAnswer {
  waits = "Choose a test image, or draw something on the pad: its upper rows are kept, the network draws the rest.";

  constructor(ctx) {
    super(ctx, "complete");
    this.restingRows = ctx.store.get().rows;
    this.chooser = new Picture(ctx);
    this.board = new Board({ label: "The picture, and below the handle what is drawn", size: LARGE });
    this.cut = new Cut(this.board.element, (rows, { commit }) => this.keep(rows, commit));
    this.tiles = new Completions(COUNT, (tap) => ctx.store.commit({ tap }));
    const room = h("div", { class: "completion-room result" }, this.tiles.element);
    this.film = createFilm({
      screen: h("div", { class: "completing" }, this.cut.element, room),
      label: "Completions",
      filename: "completions.gif",
      framesPerSecond: 56,
      frames: 90,
      stride: { size: SIDE, name: "row" },
      places: () => ["at"],
      onStep: (index, { rest }) => this.value && ctx.store.set({ at: this.given + index }, { commit: rest }),
    });
    this.open(this.film.host, this.chooser.element);
    room.prepend(this.waiting);
    this.dims = [this.tiles.element, this.film.parts.caption];
  }

  enter() {
    startWithExample(this.ctx);
  }

  leave() {
    this.film.pause();
  }

  key(event) {
    this.film.key(event);
    return event.defaultPrevented;
  }

  /** The handle moved to `rows`; once it rests, the server is asked. */
  keep(rows, ended) {
    this.moving = !ended;
    this.ctx.store.set({ rows }, { commit: ended });
    if (ended) this.ctx.refresh("rows");
  }

  again() {
    const { store, net } = this.ctx;
    const picture = net().error ? null : drawnOrTest(store.get(), net().dataset);
    this.answer.want(picture && { ...this.controls.request(), picture, rows: this.restingRows });
  }

  update(changed) {
    if (!this.moving) this.restingRows = this.ctx.store.get().rows;
    this.chooser.update();
    this.cut.set(this.ctx.store.get().rows);
    super.update(changed);
  }

  /** Number of given pixels. */
  get given() {
    return SIDE * this.answer.asked.rows;
  }

  /** Number of shown pixels after the given ones: by the address, else all. */
  get place() {
    const { at } = this.ctx.store.get();
    return at === null || at < this.given ? PIXELS - this.given : Math.min(PIXELS, at) - this.given;
  }

  show() {
    super.show();
    const { value } = this;
    this.waiting.hidden ||= this.answer.key !== "null"; // there is a picture
    this.tiles.element.hidden = !value;
    if (value && this.answer.isCurrent) return;
    this.film.pause();
    this.chooser.fed(null);
    const fed = images.fed(this.ctx, this.ctx.net().levels === 2 ? "binary" : "levels");
    const values = fed ? Float32Array.from(fed, (byte) => byte / 255) : new Uint8Array(PIXELS);
    this.board.show({ values, given: SIDE * this.ctx.store.get().rows });
    this.ctx.show("out", this.board.canvas);
    if (!value) this.film.clear();
  }

  draw(value) {
    if (value !== this.shownValue) this.take(value);
    if (!this.answer.isCurrent) return;
    const bytes = toBytes(this.real.grey());
    this.chooser.fed(bytes, this.real.net.levels);
    if (this.film.timer || this.film.index === this.place) this.drawAt(this.film.index);
    else this.film.show(this.place);
  }

  /** Another answer: the film begins at the place that the address says. */
  take(value) {
    this.shownValue = value;
    const net = this.ctx.value().nets[this.answer.asked.net];
    this.drawn = new Trace(value, net);
    this.real = new Trace({ values: value.real }, net);
    this.tiles.set({
      real: { bytes: toBytes(this.real.grey()), rest: value.real_rest, name: value.name },
      bytes: Uint8Array.from(fromBase64(value.values), (level) => (255 * level) / (net.levels - 1)),
      rest: value.rest,
      given: this.given,
    });
    const plays = this.ctx.store.get().at === null && !this.ctx.prefersReducedMotion();
    this.film.index = plays ? 0 : this.place;
    this.film.setSteps(this.steps());
    if (plays) this.film.toggle();
  }

  steps() {
    const total = PIXELS - this.given;
    return {
      length: total + 1,
      show: (index) => this.drawAt(index),
      place: (index) => `${index}/${total}`,
      caption: (index) =>
        `Mean −log p ${index === total ? "of the rest" : "so far"}: ${num(-mean(this.soFar(index)))} nats`,
    };
  }

  /** log p of the first `known` pixels after the given ones, for each completion. */
  soFar(index) {
    const { given, drawn } = this;
    const of = (k) => drawn.logProbSoFar(k, given + index) - drawn.logProbSoFar(k, given);
    return Array.from({ length: COUNT }, (_, k) => of(k));
  }

  /** Draws the tiles with `index` pixels after the given ones, and the chosen picture on the board. */
  drawAt(index) {
    const { tap, rows } = this.ctx.store.get();
    const chosen = tap <= COUNT ? tap : 0;
    const [values, known] = chosen ? [this.drawn.grey(chosen - 1), this.given + index] : [this.real.grey(), PIXELS];
    this.tiles.show(index, chosen, this.soFar(index));
    const words = chosen ? `completion ${chosen}` : "the real picture";
    if (this.answer.isCurrent) this.board.show({ values, known, given: SIDE * rows, words });
    this.ctx.show("out", this.board.canvas);
  }
}

export default {
  hint: "Drag the handle: eight continuations",
  create: (ctx) => new Complete(ctx),
};
