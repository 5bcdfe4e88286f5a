/** The chain by hand: sixteen pixels on their way to noise or back, and one of them that is looked at. */

import { playsOnce } from "../kit/film/film.js";
import { createFilm } from "../kit/film/player.js";
import { fill, h, setText } from "../kit/base/dom.js";
import { numberTable } from "../kit/panel/parts.js";
import { ReportAnswer } from "../kit/panel/report_answer.js";
import { Cells, imageOf } from "./cells.js";

const PARTS = ["x", "out", "guess"]; // of the mechanism, image by image

class Chain extends ReportAnswer {
  constructor(ctx) {
    super(ctx, "chain");
    const choose = (cell) => ctx.store.commit({ cell });
    this.images = PARTS.map((part) => ({ cells: new Cells(choose, part === "guess"), title: h("figcaption") }));
    const classOf = (part) => (part === "out" ? null : "result"); // beside it the image and the guess tell what it was
    const figures = this.images.map(({ cells, title }, k) =>
      h("figure", { class: classOf(PARTS[k]) }, title, cells.element)
    );
    this.film = createFilm({
      screen: h("div", { class: "chain-images" }, figures),
      label: "The chain, step by step",
      filename: "discrete-chain.gif",
      framesPerSecond: 2,
      places: () => ["t"],
      onStep: (at, { rest }) => ctx.store.set({ t: at === this.last ? null : this.placeOf(at) }, { commit: rest }),
    });
    this.tables = h("div", { class: "chain-tables with-numbers" });
    this.open(h("div", {}, this.film.host, this.tables));
  }

  leave() {
    this.film.pause();
  }

  key(event) {
    this.film.key(event);
    return event.defaultPrevented;
  }

  update(changed) {
    const { t, times } = this.ctx.store.get();
    if (t > times) this.ctx.store.set({ t: times });
    super.update(changed);
  }

  /** The time that a step of the film shows, and the other way around. */
  placeOf(at, { frames, back } = this.value) {
    return back ? frames.length - 1 - at : at;
  }

  get last() {
    return this.value.frames.length - 1;
  }

  /** The step of the film in the address; without one, the last. */
  get at() {
    const { t } = this.ctx.store.get();
    return t === null ? this.last : this.placeOf(Math.min(t, this.last));
  }

  /** Sentence on the chosen time. */
  shown({ frames }) {
    return frames[this.placeOf(this.at)];
  }

  show() {
    super.show();
    if (this.value) this.seen(this.words(this.value), this.film.timer !== null);
  }

  draw(value) {
    const { at } = this;
    const isNew = this.filmed !== value;
    if (isNew) this.film.grow(this.steps(value));
    this.filmed = value;
    this.film.follow(at, at);
    if (isNew && !this.film.timer && playsOnce(this.ctx, "t")) return this.film.toggle();
    const { images, titles, tables } = this.shown(value);
    this.images.forEach(({ cells, title }, k) => {
      setText(title, titles[k]);
      cells.show(images[k], this.ctx.store.get().cell, titles[k]);
      this.ctx.show(PARTS[k], imageOf(images[k]));
    });
    fill(
      this.tables,
      tables.map(({ title, head, rows }) =>
        h("figure", {}, h("figcaption", {}, title), numberTable(title, head, rows))
      ),
    );
  }

  steps({ frames }) {
    const frame = (at) => frames[this.placeOf(at)];
    return {
      length: frames.length,
      show: () => {}, // the images follow the time, which the film sets
      caption: (at) => frame(at).caption,
      place: (at) => `t = ${this.placeOf(at)}`,
    };
  }
}

export default {
  create: (ctx) => new Chain(ctx),
};
