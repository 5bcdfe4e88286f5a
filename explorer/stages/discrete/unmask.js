/**
 * Unmask: an image comes out of nothing but masks, each pixel with the distribution that it was drawn from; set one
 * otherwise, and the rest is drawn again from there.
 */

import { Board } from "../kit/image/board.js";
import { headline } from "../kit/shell/more.js";
import { button, fill, h, setText } from "../kit/shell/dom.js";
import { OneFilm } from "../kit/film/one_film.js";
import { createSeen, fillPanel } from "../kit/shell/parts.js";
import { blank, LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { floats16 } from "../kit/plane/tensors.js";
import { takeNet } from "../kit/shell/take_net.js";
import { createTries } from "../kit/lesson/tries.js";
import { createControls } from "../kit/shell/controls.js";
import { MASKING } from "./choices.js";
import { betWords, share, unmaskCaption, unmaskRows, unmaskWords } from "./unmask_words.js";

const SIZE = 336;
const PER_SECOND = 24;
const GIF_FRAMES = 100;
const CELL = 8;
const SURE = 0.99;
const MARKED = 16; // new pixels at most that have rings
const ASK_AGAIN = ["net", "seed", "label", "order", "per", "over", "mode"];

/** A frame's probabilities of white, 784 of them; read once. */
const probabilities = (frame) => (frame.white ??= floats16(frame.p));

class Unmask extends OneFilm {
  constructor(ctx) {
    super(ctx);
    this.build();
  }

  build() {
    const { ctx } = this;
    this.board = new Board({
      label: "The image so far. Arrow keys choose a pixel, Enter looks at it",
      onTap: (pixel) => ctx.store.commit({ pixel }),
      size: LARGE,
    });
    this.guess = new Board({ label: "How likely each pixel is white", size: SIZE });
    this.numbers = headline(unmaskRows(null), 2);
    const figure = (board, words) => h("figure", {}, board.element, h("figcaption", {}, words));
    const screen = h(
      "div",
      { class: "unmask-screen" },
      this.board.element,
      h(
        "div",
        { class: "unmask-side" },
        figure(this.guess, "probability of white; left, grey is masked"),
        this.numbers,
      ),
    );
    this.roll({
      name: "unmask",
      nameOf: ({ over }) => (over.length ? "Drawn again from your pixel" : "An image, pixel by pixel"),
      screen,
      dims: [this.board.element, this.guess.element],
      label: "Unmasking, step by step",
      filename: "unmasking.gif",
      framesPerSecond: PER_SECOND,
      frames: GIF_FRAMES,
      inFilm: true,
    });
    fill(ctx.main, this.film.host);
    this.buildPanel();
  }

  buildPanel() {
    const { ctx } = this;
    this.controls = createControls(ctx, ctx.value().panels.unmask);
    this.bet = {
      words: h("p", {}),
      white: h("div", { class: "bet-white" }),
      set: [0, 1].map((level) => button(`Make it ${level ? "white" : "black"}`, () => this.override(level))),
      undo: button("Undo the last", () => ctx.store.commit({ over: ctx.store.get().over.slice(0, -1) })),
    };
    this.bet.bar = h("div", { class: "bet-bar", role: "img" }, this.bet.white);
    this.betBox = h(
      "div",
      { class: "bet" },
      this.bet.words,
      this.bet.bar,
      h("div", { class: "row" }, this.bet.set, this.bet.undo),
    );
    this.seen = createSeen();
    fillPanel(
      ctx,
      this.controls.element,
      this.betBox,
      this.seen.element,
      createTries(ctx),
    );
  }

  enter() {
    takeNet(this.ctx, MASKING);
    super.enter();
  }

  stateOf(at) {
    return { at: at >= this.end ? 1 : at / this.end };
  }

  /** The number of the last frame, there or not yet. */
  get end() {
    return Math.max(1, (this.drawn?.total ?? 1) - 1);
  }

  get at() {
    return Math.min(this.last, Math.round(this.ctx.store.get().at * this.end));
  }

  get frame() {
    return this.drawn?.frames[this.film.index] ?? null;
  }

  update(changed) {
    this.controls.update();
    if (ASK_AGAIN.some((key) => changed.has(key))) {
      const { net, seed, label, order, per, over } = this.ctx.store.get();
      const request = { net, seed, label, order, per, over: [...over] };
      this.plain = { ...request, over: [] };
      this.request = request;
      this.queue.want(over.length ? [request, this.plain] : [request]);
      this.arrived();
    } else if (changed.has("at") || changed.has("pixel")) this.seek();
  }

  /** The image as it came before anything was overridden; null while that is not known. */
  get original() {
    const film = this.plain && this.queue.filmOf(this.plain);
    return film?.done ? film : null;
  }

  arrived() {
    super.arrived();
    this.showBet();
  }

  seek() {
    super.seek();
    if (this.drawn && !this.film.timer) this.film.show(this.at);
  }

  /** Sets the chosen pixel to a level from the step on screen on. */
  override(level) {
    const { store, fields, say } = this.ctx;
    const { pixel, over } = store.get();
    const { frame } = this;
    if (pixel === null || !frame || this.drawn !== this.current) return;
    if (over.length === fields.over.most) return say(`${over.length} of your pixels are the most: undo one first.`);
    const { per } = this.request;
    const step = Math.min(frame.index + 1, PIXELS / per - 1);
    const next = (step * PIXELS + pixel) * 2 + level;
    const at = Math.min(1, (this.film.index + 1) / this.end); // the first frame in which it is so
    store.commit({ over: [...over, next], at });
  }

  /** The pixels that a visitor has set by the frame on screen. */
  given(frame) {
    const { over } = this.request;
    const set = over.map((each) => [Math.floor(each / 2 / PIXELS), Math.floor(each / 2) % PIXELS]);
    return set.filter(([step]) => step <= frame.index).map(([, pixel]) => pixel);
  }

  draw(at) {
    const frame = this.drawn.frames[at];
    const scene = this.sceneOf(frame);
    const words = this.captionOf(at);
    this.board.show({ ...scene, words });
    this.guess.show({ values: probabilities(frame), words, ring: scene.ring });
    this.ctx.show("out", scene.values);
    this.ctx.show("guess", probabilities(frame));
    this.numbers.set(unmaskRows(this.found(frame)));
    this.showBet();
  }

  /** The image so far; a masked pixel is grey, and dots are on those that the visitor has set. */
  sceneOf(frame) {
    const values = Float32Array.from(frame.x, (byte) => byte / 255);
    const marks = new Uint8Array(PIXELS);
    for (const pixel of this.given(frame)) marks[pixel] = 1;
    const rings = frame.new.length <= MARKED ? frame.new : [];
    return { values, rings, marks, ring: this.ctx.store.get().pixel };
  }

  found(frame) {
    const { left, drawn } = frame.numbers;
    return { left, drawn, evaluations: frame.index + 1 };
  }

  captionOf(at) {
    const { numbers, new: fresh } = this.drawn.frames[at];
    return unmaskCaption({ left: numbers.left, fresh: fresh.length, per: this.request.per });
  }

  showBet() {
    const { pixel, over } = this.ctx.store.get();
    const { frame, bet } = this;
    this.betBox.hidden = !frame || (pixel === null && !over.length);
    bet.undo.disabled = over.length === 0;
    for (const each of [bet.words, bet.bar, ...bet.set]) each.hidden = pixel === null;
    if (!frame || pixel === null) return;
    const level = frame.known[pixel] ? Number(frame.x[pixel] > 127) : null;
    const p = probabilities(frame)[pixel];
    setText(bet.words, betWords({ pixel, p, level, given: this.given(frame).includes(pixel) }));
    bet.white.style.width = `${100 * p}%`;
    bet.bar.setAttribute("aria-label", `white ${share(p)}, black ${share(1 - p)}`);
    bet.set.forEach((each, value) => (each.disabled = level === value));
  }

  tell(moving) {
    const { frame } = this;
    if (!frame) return this.seen("");
    const { per, order, over } = this.request;
    const masked = probabilities(frame).filter((_, pixel) => !frame.known[pixel]);
    const sure = masked.filter((p) => p > SURE || p < 1 - SURE).length / Math.max(1, masked.length);
    const words = unmaskWords({ ...this.found(frame), per, order, sure, overrides: over.length, differ: this.differ });
    this.seen(words, moving);
    if (!moving) this.ctx.describe(words);
  }

  /** How many pixels differ at the end from those of the image without overrides, the visitor's aside; null so far. */
  get differ() {
    const { original, drawn } = this;
    if (!original || !drawn?.done || !this.request.over.length) return null;
    const [own, other] = [drawn, original].map(({ frames }) => frames.at(-1));
    const given = new Set(this.given(own));
    return own.x.reduce((sum, byte, pixel) => sum + Number(byte !== other.x[pixel] && !given.has(pixel)), 0);
  }

  paint(canvas, at) {
    const side = SIDE * CELL;
    const context = blank(canvas, 2 * side + CELL, side, this.ctx.colours());
    const frame = this.drawn.frames[at];
    const boards = [[this.board, this.sceneOf(frame)], [this.guess, { values: probabilities(frame) }]];
    boards.forEach(([board, scene], i) => {
      board.show({ ...scene, words: this.captionOf(at) });
      context.drawImage(board.copy(CELL), i * (side + CELL), 0);
    });
    this.draw(this.film.index);
  }

  table() {
    if (!this.drawn) return null;
    const { net, seed, order } = this.ctx.store.get();
    const rows = this.drawn.frames.flatMap((frame) =>
      frame.new.map((pixel) => [
        frame.index + 1,
        Math.floor(pixel / SIDE) + 1,
        (pixel % SIDE) + 1,
        probabilities(frame)[pixel],
        Number(frame.x[pixel] > 127),
      ])
    );
    return { name: `${net}-${order}-${seed}`, rows: [["evaluation", "row", "column", "p(white)", "drawn"], ...rows] };
  }
}

export default {
  hint: "Watch pixels being unmasked; tap one to change it",
  create: (ctx) => new Unmask(ctx),
};
