/**
 * Four answers to one question, drawn together: tiles that grow, their film, and what is done while they are not there.
 */

import { createFilm } from "../kit/player.js";
import { fill, h, setText } from "../kit/dom.js";
import { Filmed } from "../kit/filmed.js";
import { num } from "../kit/format.js";
import { dim } from "../kit/parts.js";
import { PIXELS } from "../kit/pixels.js";
import { Queue } from "../kit/queue.js";
import { paintRows, Strip } from "../kit/strip.js";

export const COUNT = 4;
const SIZE = 190;

/** The image with number `k` of a frame. */
export const imageOf = ({ x }, k) => x.subarray(k * PIXELS, (k + 1) * PIXELS);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export class Answers extends Filmed {
  /**
   * `name` is the server function and `doing` what it does, in words; `beside` stands at the left of the tiles;
   * `onChange(moving)` is told whenever other images are on screen, now and then while they are `moving`.
   */
  constructor(ctx, { name, doing, label, beside, onChange }) {
    super();
    Object.assign(this, { ctx, label, onChange, request: null, drawn: null });
    this.tiles = Array.from({ length: COUNT }, (_, k) => {
      const strip = new Strip(`Answer ${k + 1}`, 1, SIZE);
      const caption = h("figcaption");
      return { strip, caption, element: h("figure", { class: "answer" }, strip.element, caption) };
    });
    const tiles = h(
      "div",
      { class: "answers", role: "group", "aria-label": label },
      this.tiles.map(({ element }) => element),
    );
    this.tilesElement = tiles;
    this.queue = new Queue(ctx, {
      name,
      nameOf: () => doing,
      onChange: () => this.show(),
      onAnother: () => this.film?.pause(),
    });
    this.host = h("div", { class: "film-host" });
    this.film = createFilm(this.host, {
      steps: { length: 0 },
      screen: h("div", { class: "answering" }, beside, tiles),
      label,
      filename: `${name}.gif`,
      framesPerSecond: 12,
      onStep: (at, { rest }) => ctx.store.set({ at: at === this.last ? null : at }, { commit: rest }),
      tell: (moving) => onChange(moving),
    });
  }

  /** Has a question answered; null for none. */
  ask(request) {
    this.request = request;
    this.queue.want(request ? [request] : []);
    this.show();
  }

  /** The film of what is asked for now; null before its first frame. */
  get current() {
    return this.request && this.queue.filmOf(this.request);
  }

  /** The four finished images of what is asked for now, one after the other; null until they are there. */
  get finals() {
    const { current } = this;
    return current?.done ? current.frames.at(-1).x : null;
  }

  /** The frame on screen where it answers what is asked for now, else null. */
  get frame() {
    return this.current?.frames[this.film.index] ?? null;
  }

  /** The last frame that is there. */
  get last() {
    return this.drawn ? this.drawn.frames.length - 1 : 0;
  }

  get at() {
    return Math.min(this.last, this.ctx.store.get().at ?? this.last);
  }

  /** Shows what is there; answers to an earlier question stay, dimmed, until the first frame of the new ones. */
  show() {
    const { current, drawn } = this;
    this.drawn = this.request ? (current ?? drawn) : null;
    dim(this.tilesElement, this.drawn !== null && this.drawn !== current);
    if (this.drawn !== drawn || !this.drawn) this.roll();
    else if (this.film.steps.length !== drawn.frames.length) this.grow();
    else this.seek();
    this.onChange(Boolean(this.drawn) && this.queue.running !== null);
  }

  /** The address has brought another frame. */
  seek() {
    if (this.drawn && this.film.index !== this.at) this.film.show(this.at);
  }

  /** Another film, or none. */
  roll() {
    this.film.index = this.at;
    this.film.setSteps(this.drawn ? this.steps() : { length: 0 });
    if (!this.drawn) { for (const { strip } of this.tiles) strip.clear(); }
  }

  /** More frames of the same film: what plays goes on, else the newest is shown unless the visitor has chosen one. */
  grow() {
    if (!this.film.timer) this.film.index = this.at;
    this.film.grow(this.steps());
  }

  steps() {
    const { frames, total } = this.drawn;
    return {
      length: frames.length,
      more: () => this.queue.running !== null,
      show: (index) => this.draw(index),
      draw: (canvas, index) => this.paint(canvas, index),
      place: (index) => `${index}/${total - 1}`,
      caption: (
        index,
      ) => (index === 0
        ? `The start, at t = ${frames[0].time}`
        : frames[index].time === 0
        ? "Finished"
        : `t = ${frames[index].time}`),
      numbers: (index) => numbersOf(frames[index]),
    };
  }

  draw(index) {
    const frame = this.drawn.frames[index];
    this.tiles.forEach(({ strip }, k) =>
      strip.show(imageOf(frame, k), frame.time === 0 ? "finished" : `at t = ${frame.time}`)
    );
  }

  /** What stands under each of the tiles. */
  caption(texts) {
    this.tiles.forEach(({ caption }, k) => setText(caption, texts[k] ?? ""));
  }

  paint(canvas, index) {
    const { frames } = this.drawn;
    const rows = [{ name: `t = ${frames[index].time}`, bytes: frames[index].x }];
    paintRows(canvas, rows, COUNT, this.ctx.colours());
  }

  picture() {
    if (!this.drawn) return null;
    const canvas = h("canvas");
    this.paint(canvas, this.film.index);
    return canvas;
  }

  /** Takes the place of `main` beside what says why there is nothing. */
  fill(main, ...before) {
    fill(main, h("div", { class: "stand" }, before, this.host));
  }
}

/** What the network said on the way to a frame, on average over the images; nothing at the start. */
function numbersOf({ numbers: { noise_norm, moved } }) {
  const rows = [
    ["predicted noise, rms", noise_norm],
    ["the guess moved, rms", moved],
  ];
  return rows.filter(([, values]) => values?.length).map(([name, values]) => [name, num(mean(values), 3)]);
}
