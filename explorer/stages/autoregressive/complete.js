/** Complete: the upper rows of an image are kept, and the network draws the rest eight times. */

import { Answered } from "../kit/shell/answered.js";
import { createClass } from "../kit/image/class_choice.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { createFilm } from "../kit/film/player.js";
import { num } from "../kit/shell/format.js";
import { createSeen, dim, empty, fillPanel, whileBusy } from "../kit/shell/parts.js";
import { PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";
import { Board, placeOf } from "../kit/image/board.js";
import { Cut } from "../kit/image/cut.js";
import { Completions } from "./completions.js";
import { createSeed } from "../kit/shell/seed.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { Trace } from "./trace.js";
import { createTries } from "../kit/lesson/tries.js";
import { images } from "../questions/images.js";

const COUNT = 8;
const SIZE = 448;
const PIXELS_PER_SECOND = 56;
const ASK_AGAIN = ["net", "img", "draw", "source", "set", "seed", "label", "rows", "mode"];
const GIF_FRAMES = 90;
const TEST = { kind: "test", source: null, draw: null, set: null, at: null };
const TRIES = [
  ["A 5 begun, an 8 wanted", { ...TEST, net: "pixelcnn-mnist", img: 33, rows: 6, label: 8, seed: 7 }],
  ["Half an ankle boot", { ...TEST, net: "pixelcnn-fashion-mnist", img: 30, rows: 14, label: null, seed: 7 }],
  ["From nothing", { rows: 0, label: null, at: null }],
];
const NOTHING = {
  test: "Choose a test image: its upper rows are kept, and the network draws the rest.",
  draw: "Draw something on the pad: its upper rows are kept, and the network draws the rest.",
};

/** What is kept, and of finished completions what the comparison shows; `drawn` pixels of the rest are there. */
function words({ rows, name, rest, real, drawn }) {
  const total = PIXELS - SIDE * rows;
  const kept = rows === 0 ? "Nothing is given" : `The upper ${rows} ${rows === 1 ? "row is" : "rows are"} given`;
  if (drawn < total) {
    return `${kept}. ${drawn} of the other ${total} pixels are drawn, each from what the network expects ` +
      "after those before it.";
  }
  const [low, high] = [Math.min(...rest), Math.max(...rest)];
  const above = rest.filter((value) => value > real).length;
  const place = above === 0
    ? "more likely than all eight"
    : above === COUNT
    ? "less likely than all eight"
    : `less likely than ${above} of them`;
  return (
    `${kept}; the other ${total} pixels are drawn. The eight draws have log p(rest | given) from ` +
    `${num(low)} to ${num(high)} nats; ` +
    `the real rest of ${name} has ${num(real)}, ${place}. Were the network the source of the images, ` +
    "the real rest would be a ninth draw, and each of nine ranks as likely."
  );
}

class Complete {
  constructor(ctx) {
    this.ctx = ctx;
    this.answer = null;
    this.drawn = new Answered(ctx, "complete", () => this.arrived());
    this.real = new Answered(ctx, "trace", () => this.arrived());
    this.restingRows = ctx.store.get().rows;
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.chooser = new Picture(ctx);
    this.board = new Board({ label: "The picture, and below the handle what is drawn", size: SIZE });
    this.cut = new Cut(this.board.element, (rows, { commit: ended }) => this.keep(rows, ended));
    this.tiles = new Completions(COUNT, (tap) => commit({ tap }));
    this.waiting = h("p", { class: "quiet" });
    this.empty = empty();
    this.screen = h(
      "div",
      { class: "completing" },
      this.cut.element,
      h("div", { class: "completion-room" }, this.waiting, this.tiles.element),
    );
    this.film = this.createFilm();
    fill(ctx.main, h("div", { class: "stand" }, this.empty, this.film.host));
    this.seed = createSeed(ctx, { words: "Draw 8 others", onRetry: () => this.ask() });
    this.label = createClass(ctx);
    this.seed.element.append(this.label.element);
    this.seen = createSeen();
    const parts = [this.chooser.element, this.seed.element, this.seen.element, createTries(ctx, TRIES)];
    fillPanel(ctx, parts);
  }

  enter() {
    startWithExample(this.ctx);
  }

  /** The handle moved to `rows`; once it rests, the server is asked. */
  keep(rows, ended) {
    this.moving = !ended;
    this.ctx.store.set({ rows }, { commit: ended });
    if (ended) this.ctx.refresh("rows");
  }

  /** What Python is asked, with the rows where the handle last lay still; null while nothing is chosen. */
  get request() {
    const { net, seed, label } = this.ctx.store.get();
    const { dataset, classes } = this.ctx.net();
    const picture = drawnOrTest(this.ctx.store.get(), dataset);
    return picture && { net, picture, rows: this.restingRows, seed, label: classes.length ? label : null };
  }

  /** Whether the answer is of the picture and the network chosen now. */
  get isCurrent() {
    const about = ({ net, picture }) => JSON.stringify([net, picture]);
    return this.answer !== null && this.request !== null && about(this.answer.request) === about(this.request);
  }

  update(changed) {
    const { rows } = this.ctx.store.get();
    if (!this.moving) this.restingRows = rows;
    for (const part of [this.chooser, this.seed, this.label]) part.update();
    this.cut.set(rows);
    this.show();
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
  }

  ask() {
    const wanted = this.ctx.net().error ? null : this.request;
    const of = wanted && { net: wanted.net, picture: wanted.picture, label: wanted.label, order: 0 };
    const asked = () => Promise.all([this.drawn.want(wanted), this.real.want(of)]);
    whileBusy(this.seed.again, asked, "Drawing…");
    this.tellWaiting();
  }

  /** Whether the completions, and what the network says of the real picture, are those that are asked for now. */
  get isHere() {
    return this.drawn.isCurrent && this.real.isCurrent;
  }

  /** What there is to say while nothing that is here is about the picture and the network chosen now. */
  tellWaiting() {
    const failed = this.drawn.failed || this.real.failed;
    this.seed.failed(failed);
    const words = failed ? "The completions did not arrive." : this.isHere ? "" : "Drawing the rest eight times…";
    setText(this.waiting, this.isCurrent ? "" : words);
  }

  /** One of the two answers is here, or did not come. */
  arrived() {
    if (this.isHere && this.answer?.request !== this.drawn.asked) this.keepAnswer();
    this.tellWaiting();
  }

  keepAnswer() {
    const net = this.ctx.net();
    const { asked: request, value: { rest } } = this.drawn;
    const [drawn, real] = [this.drawn, this.real].map(({ value }) => new Trace(value, net));
    const given = SIDE * request.rows;
    const name = nameOf(request.picture);
    const realRest = real.logProb().subarray(given).reduce((sum, value) => sum + value, 0);
    this.answer = { request, drawn, real, given, rest, realRest, name };
    this.chooser.fed(toBytes(real.grey()), net.levels);
    this.tiles.set({
      real: { bytes: toBytes(real.grey()), rest: realRest, name: name === "your drawing" ? "yours" : "real" },
      bytes: Uint8Array.from(drawn.values, (level) => (255 * level) / (net.levels - 1)),
      rest,
      given,
    });
    this.roll();
    this.show();
  }

  say(moving) {
    if (!this.isCurrent) return;
    const { request, name, rest, realRest } = this.answer;
    this.seen(words({ rows: request.rows, name, rest, real: realRest, drawn: this.film.index }), moving);
  }

  createFilm() {
    const onStep = (index, { rest }) => this.ctx.store.set({ at: this.answer.given + index }, { commit: rest });
    const tell = (moving) => this.say(moving);
    const how = {
      tell,
      label: "Completions",
      filename: "completions.gif",
      framesPerSecond: PIXELS_PER_SECOND,
      frames: GIF_FRAMES,
    };
    return createFilm({
      onStep,
      screen: this.screen,
      stride: { size: SIDE, name: "row" },
      ...how,
    });
  }

  /**
   * The film of this answer, at the place that the address says; where it says none of the pixels that are filled in,
   * all is drawn.
   */
  roll() {
    this.film.index = this.place;
    this.film.setSteps(this.steps());
  }

  /** How many pixels after the given ones are shown. */
  get place() {
    const { at } = this.ctx.store.get();
    const { given } = this.answer;
    return at === null || at < given ? PIXELS - given : Math.min(PIXELS, at) - given;
  }

  steps() {
    const { given, drawn } = this.answer;
    const total = PIXELS - given;
    const soFar = (index) => {
      const each = Array.from(
        { length: COUNT },
        (_, k) => drawn.logProbSoFar(k, given + index) - drawn.logProbSoFar(k, given),
      );
      return each.reduce((sum, value) => sum + value, 0) / COUNT;
    };
    return {
      length: total + 1,
      draw: (canvas, index) => this.tiles.draw(canvas, index, this.ctx.colours()),
      show: (index) => this.draw(index),
      place: (index) => `${index}/${total}`,
      caption: (index) =>
        `${index === total ? "Mean" : `Next: ${placeOf(given + index)}; mean`} log p ${num(soFar(index))} nats`,
    };
  }

  /** Draws tiles and board with so many pixels after the given ones. */
  draw(index) {
    const { tap } = this.ctx.store.get();
    const chosen = tap <= COUNT ? tap : 0;
    this.tiles.show(index, chosen);
    this.enlarge(this.isEarlier ? 0 : chosen, index);
  }

  show() {
    const { request } = this;
    const { error } = this.ctx.net();
    const shown = request !== null && !error;
    this.empty.hidden = shown;
    this.film.host.hidden = !shown;
    setText(this.empty, error ?? NOTHING[this.chooser.kind]);
    this.tiles.element.hidden = !this.isCurrent;
    if (!this.isCurrent) {
      this.film.clear();
      this.chooser.fed(null);
      this.seen("");
      this.board.show({ values: this.sketch(), given: SIDE * this.ctx.store.get().rows });
      return this.ctx.show("out", this.board.canvas);
    }
    if (this.film.steps.length === 0) this.roll();
    dim(this.tiles.element, this.isEarlier);
    dim(this.seen.element, this.isEarlier);
    if (this.film.index === this.place) this.draw(this.place);
    else this.film.show(this.place);
  }

  /** Whether the completions on screen follow other rows, or another seed or class, than those chosen now. */
  get isEarlier() {
    return JSON.stringify(this.request) !== JSON.stringify(this.answer.request) ||
      this.ctx.store.get().rows !== this.answer.request.rows;
  }

  /** The picture as the network will be fed it, before the server has answered. */
  sketch() {
    const bytes = images.fed(this.ctx, this.ctx.net().levels === 2 ? "binary" : "levels");
    return bytes ? Float32Array.from(bytes, (value) => value / 255) : new Uint8Array(PIXELS);
  }

  /** The chosen picture on the big board: the real one whole, a completion as far as it is drawn. */
  enlarge(chosen, index) {
    const { drawn, real, given } = this.answer;
    const values = chosen === 0 ? real.grey() : drawn.grey(chosen - 1);
    const words = chosen === 0 ? "the real picture" : `completion ${chosen}`;
    this.board.show({
      values,
      known: chosen === 0 ? PIXELS : given + index,
      given: SIDE * this.ctx.store.get().rows,
      words,
    });
    this.ctx.show("out", this.board.canvas);
  }

  hasResult() {
    return Boolean(this.isCurrent);
  }

  picture() {
    if (!this.isCurrent) return null;
    const canvas = h("canvas");
    this.tiles.draw(canvas, PIXELS - this.answer.given, this.ctx.colours());
    return canvas;
  }

  table() {
    if (!this.isCurrent) return null;
    const { request, rest, realRest, name } = this.answer;
    const rows = [[name, realRest], ...rest.map((value, k) => [`completion ${k + 1}`, value])];
    return {
      name: `${request.net}-completions`,
      rows: [
        ["image", "rows given", "seed", "log p(rest | given), nats"],
        ...rows.map(([image, value]) => [image, request.rows, request.seed, value]),
      ],
    };
  }
}

export default {
  hint: "Drag the handle: the network draws the rest eight times",
  create: (ctx) => new Complete(ctx),
};
