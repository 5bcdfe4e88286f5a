/**
 * Unmask: an image comes out of nothing but masks, each pixel with the distribution that it was drawn from; set one
 * otherwise, and the rest is drawn again from there.
 */

import { Board, placeOf } from "../kit/image/board.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats16 } from "../kit/plane/tensors.js";
import { button, h, setText } from "../kit/base/dom.js";
import { percent } from "../kit/base/format.js";
import { takeNet } from "../kit/panel/take_net.js";

const MARKED = 16; // new pixels at most that have rings
const KEYS = [
  ["■", "masked", () => "#808080"],
  ["□", "drawn last", ({ you }) => you],
  ["•", "set by you", ({ you }) => you],
];

/** A frame's probabilities of white, 784 of them; read once. */
const probabilities = (frame) => (frame.white ??= floats16(frame.p));

/** A probability; near 0 and 1 with two decimals. */
const share = (p) => percent(Math.min(1, Math.max(0, p)), p < 0.01 || p > 0.99 ? 2 : 0);

/** Distribution from which the chosen pixel was drawn, or would be drawn now. */
function betWords({ pixel, p, level, given }) {
  const place = `The pixel in ${placeOf(pixel)}`;
  if (level === null) return `${place} is masked: drawn next, it would be white with ${share(p)}.`;
  const [chance, name] = level ? [share(p), "white"] : [share(1 - p), "black"];
  if (given) return `${place} is ${name} because you say so; the network gave that ${chance}.`;
  return `${place} is ${name}: it was drawn with ${chance} for that.`;
}

class Unmask extends ReportFilm {
  constructor(ctx) {
    super(ctx, "unmask");
    const label = "The image so far. Arrow keys choose a pixel, Enter looks at it";
    this.board = new Board({ label, onTap: (pixel) => ctx.store.commit({ pixel }), size: LARGE });
    this.guess = new Board({ label: "How likely each pixel is white", size: 336 });
    const caption = h("figcaption", {}, "The network’s guess: probability of white");
    this.legend = createLegend(ctx);
    this.legend.show(KEYS); // its room is there before the image
    const guess = h("figure", {}, this.guess.element, caption);
    const side = h("div", { class: "unmask-side" }, this.legend.element, guess, this.numbers);
    this.open({
      nameOf: ({ over }) => (over.length ? "Drawn again from your pixel" : "An image, pixel by pixel"),
      screen: h("div", { class: "unmask-screen" }, this.board.element, side),
      dims: [this.board.element, this.guess.element],
      below: [this.createBet()],
      label: "Unmasking, step by step",
      framesPerSecond: 24,
      frames: 100,
    });
  }

  createBet() {
    const { store } = this.ctx;
    this.bet = {
      words: h("p", {}),
      white: h("div", { class: "bet-white" }),
      set: [0, 1].map((level) => button(`Make it ${level ? "white" : "black"}`, () => this.override(level))),
      undo: button("Undo the last", () => store.commit({ over: store.get().over.slice(0, -1) })),
    };
    this.bet.bar = h("div", { class: "bet-bar", role: "img" }, this.bet.white);
    const buttons = h("div", { class: "row" }, this.bet.set, this.bet.undo);
    this.betBox = h("div", { class: "bet" }, this.bet.words, this.bet.bar, buttons);
    return this.betBox;
  }

  enter() {
    takeNet(this.ctx, this.declared.nets);
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
    super.update(changed);
    if (changed.has("pixel") && this.drawn && !this.film.timer) this.film.show(this.at);
  }

  /** The image with the visitor's pixels, and the one without them. */
  ask(request) {
    this.plain = request && { ...request, over: [] };
    this.request = request;
    this.queue.want(request ? (request.over.length ? [request, this.plain] : [request]) : []);
    this.arrived();
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

  /** Sets the chosen pixel to a level from the step on screen on. */
  override(level) {
    const { store, fields, say } = this.ctx;
    const { pixel, over } = store.get();
    const { frame } = this;
    if (pixel === null || !frame || this.drawn !== this.current) return;
    if (over.length === fields.over.most) return say(`${over.length} of your pixels are the most: undo one first.`);
    const step = Math.min(frame.index + 1, PIXELS / this.request.per - 1);
    const next = (step * PIXELS + pixel) * 2 + level;
    const at = Math.min(1, (this.film.index + 1) / this.end); // the first frame in which it is so
    store.commit({ over: [...over, next], at });
  }

  /** The pixels that a visitor has set by the frame on screen. */
  given(frame) {
    const set = this.request.over.map((each) => [Math.floor(each / 2 / PIXELS), Math.floor(each / 2) % PIXELS]);
    return set.filter(([step]) => step <= frame.index).map(([, pixel]) => pixel);
  }

  draw(at) {
    super.draw(at);
    const frame = this.drawn.frames[at];
    const scene = this.sceneOf(frame);
    const words = this.captionOf(at);
    this.legend.show(KEYS);
    this.board.show({ ...scene, words });
    this.guess.show({ values: probabilities(frame), words, ring: scene.ring });
    this.ctx.show("out", scene.values);
    this.ctx.show("guess", probabilities(frame));
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

  words(at) {
    const count = this.request.over.length;
    if (!count) return super.words(at);
    const yours = count === 1 ? "your pixel" : `your ${count} pixels`;
    const { differ } = this;
    const changed = differ === null
      ? `What ${yours} changed will be counted at the end.`
      : `With ${yours}, ${differ} of the other pixels came out differently, by the same random numbers.`;
    return `${super.words(at)} ${changed}`;
  }

  /** Number of pixels that differ at the end from the image without overrides, the visitor's aside; null so far. */
  get differ() {
    const { original, drawn } = this;
    if (!original || !drawn?.done || !this.request.over.length) return null;
    const [own, other] = [drawn, original].map(({ frames }) => frames.at(-1));
    const given = new Set(this.given(own));
    return own.x.reduce((sum, byte, pixel) => sum + Number(byte !== other.x[pixel] && !given.has(pixel)), 0);
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
  hint: "Grey pixels are masked; tap one to change it",
  create: (ctx) => new Unmask(ctx),
};
