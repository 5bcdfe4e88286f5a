/** Generate: sixteen images of a seed, the plane through three of their codes, and the film from one to another. */

import { h, setText } from "../kit/base/dom.js";
import { dim, dimAnswer, empty, segmented, whileBusy } from "../kit/panel/parts.js";
import { imageOf } from "../kit/image/pixels.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { sentences } from "../kit/panel/says.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { Answered } from "../kit/ask/answered.js";
import { Looking } from "./looking.js";
import { Path } from "./path.js";
import { Plane } from "./plane.js";
import { CORNERS, Tiles } from "./tiles.js";

class Generate extends ByHand {
  constructor(ctx) {
    super(ctx, "generate");
    this.arrays = new WeakMap();
    const answered = (name) => new Answered(ctx, name, () => this.show());
    Object.assign(this, {
      grid: answered(this.declared.ask),
      sheet: answered("sheet"),
      point: answered("plane"),
      between: answered("between"),
    });
    this.all = [this.grid, this.sheet, this.point, this.between];
    this.build();
  }

  build() {
    const { ctx } = this;
    const { commit } = ctx.store;
    this.tiles = new Tiles({
      count: ctx.fields.tap.high + 1,
      onChoose: (tap) => commit({ tap, part: "image" }),
      onCorner: (corner, image) => this.setCorner(corner, image),
    });
    this.plane = new Plane(ctx, {
      label: "The plane through the codes of A, B and C. Drag in it, or use the arrow keys.",
      onMove: (u, v, { rest }) => this.move(u, v, rest),
    });
    this.place = h("p", { class: "note number with-numbers" });
    this.path = new Path({
      onStep: (at, { rest }) => ctx.store.set({ at, part: "film" }, { commit: rest }),
      captionOf: (at) => this.captionOf(at),
    });
    this.corner = segmented(
      "Make this image a corner of the plane",
      CORNERS.map((name, k) => [k, name]),
      (corner) => this.setCorner(corner, ctx.store.get().tap),
    );
    this.corners = h("div", { class: "row" }, h("span", { class: "quiet" }, "Corner"), this.corner);
    this.looking = new Looking(ctx, this.declared, this.corners);
    this.empty = empty();
    this.screen = h(
      "div",
      { class: "generate" },
      this.figure("draws", this.tiles.element, "generate-grid"),
      this.figure("plane", [this.plane.element, this.place], "generate-plane result"),
      this.figure("film", this.path.film.host, "generate-path"),
    );
    this.film = this.path.film;
    this.numbers = this.looking.numbers;
    this.dims = [this.looking.figure, this.looking.nearest.element];
    this.open([this.empty, this.screen], { below: [this.looking.element, this.looking.nearest.element] });
  }

  figure(name, element, place) {
    return h("section", { class: place }, h("h2", {}, this.say(name)), element);
  }

  say(name, values = {}) {
    return sentences(this.declared, values, name);
  }

  move(u, v, rest) {
    this.moving = !rest;
    this.ctx.store.set({ u, v, part: "plane" }, { commit: rest });
    if (rest) this.ctx.refresh("part");
  }

  /** Makes an image of the grid a corner; where it is one already, the two change places. */
  setCorner(corner, image) {
    const plane = [...this.ctx.store.get().plane];
    const before = plane.indexOf(image);
    if (before >= 0) plane[before] = plane[corner];
    plane[corner] = image;
    this.ctx.store.commit({ plane });
  }

  update(changed) {
    const { error } = this.ctx.net();
    this.controls.update();
    this.empty.hidden = !error;
    this.screen.hidden = Boolean(error);
    setText(this.empty, error ?? "");
    if (["plane", "mode", ...this.controls.asks].some((key) => changed.has(key))) this.ask();
    else if (changed.has("u") || changed.has("v")) this.askPoint();
    this.show();
  }

  /** A visitor wants what failed after all. */
  again() {
    for (const each of this.all) each.forgive();
    this.ask();
  }

  get question() {
    return this.ctx.net().error ? null : this.controls.request();
  }

  /** The grid comes first; what lies between its images is asked for once it is there. */
  async ask() {
    const { question } = this;
    await whileBusy(this.controls.seed.again, () => this.grid.want(question), "Drawing…");
    if (JSON.stringify(question) !== JSON.stringify(this.question)) return;
    const { plane } = this.ctx.store.get();
    this.askPoint();
    this.sheet.want(question && { ...question, corners: plane });
    this.between.want(question && { ...question, pair: plane.slice(0, 2) });
    this.show();
  }

  askPoint() {
    const { plane, u, v } = this.ctx.store.get();
    this.point.want(this.question && { ...this.question, corners: plane, u, v });
  }

  /** The bytes of an answer's images, unpacked once. */
  bytes(answer) {
    if (!this.arrays.has(answer)) this.arrays.set(answer, fromBase64(answer.x));
    return this.arrays.get(answer);
  }

  get names() {
    const { classes } = this.ctx.net();
    return this.grid.value.labels.map((label) => classes[label]);
  }

  show() {
    const { grid, sheet, between } = this;
    const { plane, tap } = this.ctx.store.get();
    this.controls.seed.failed(this.all.some(({ failed }) => failed));
    this.dim();
    if (grid.value) {
      this.tiles.show({
        images: this.bytes(grid.value),
        scores: grid.value.scores,
        names: this.names,
        corners: plane,
        chosen: tap,
      });
    }
    this.corner.set(plane.indexOf(tap));
    if (sheet.value) this.showPlane();
    this.path.show(between.value && this.bytes(between.value), this.at);
    this.look();
  }

  /** Dims what shows an answer of an earlier seed, class or plane: each of the three pictures, and what is looked at. */
  dim() {
    const { grid, sheet, between, path } = this;
    const isEarlier = (answered) => !grid.isCurrent || !answered.isCurrent;
    dim(this.tiles.element, isEarlier(grid));
    for (const each of [this.plane.element, this.place]) dim(each, isEarlier(sheet));
    for (const each of [path.canvas, path.strip.element, path.film.parts.caption]) dim(each, isEarlier(between));
    dimAnswer(this, isEarlier({ image: grid, plane: sheet, film: between }[this.ctx.store.get().part]));
  }

  get at() {
    return Math.min(this.ctx.store.get().at ?? 0, 32);
  }

  showPlane() {
    const { u, v } = this.ctx.store.get();
    const { image, exact } = this.nearestKnown();
    const words = exact ? this.say("score", { score: exact.scores[0] }) : this.say("waits");
    setText(this.place, this.say("place", { u, v, words }));
    this.plane.show({
      lattice: this.bytes(this.sheet.value),
      side: this.sheet.value.side,
      image,
      at: [u, v],
      on: this.ctx.store.get().part === "plane",
      words,
    });
  }

  /** The known image nearest to the cursor; `exact` is the answer if it is the cursor's own. */
  nearestKnown() {
    const { plane, u, v } = this.ctx.store.get();
    const { sheet, point } = this;
    const last = sheet.value.side - 1;
    const [column, row] = [u, v].map((value) => Math.round(value * last));
    const away = (a, b) => Math.hypot(a - u, b - v);
    const { asked } = point;
    const fits = asked &&
      JSON.stringify({ ...this.question, corners: plane }) === JSON.stringify({ ...asked, u: undefined, v: undefined });
    if (fits && away(asked.u, asked.v) <= away(column / last, row / last)) {
      const [name] = point.value.names;
      return { image: this.bytes(point.value), name, exact: point.isCurrent ? point.value : null };
    }
    const at = row * (last + 1) + column;
    return { image: imageOf(this.bytes(sheet.value), at), name: sheet.value.names[at], exact: null };
  }

  captionOf(at) {
    return this.say("caption", { at, name: this.between.value.names[at] });
  }

  /** Shows what was touched last, says what it is, and looks for the training image nearest to it. */
  look() {
    const { part } = this.ctx.store.get();
    this.screen.dataset.part = part;
    this.corners.hidden = part !== "image";
    const found = { image: () => this.ofGrid(), plane: () => this.ofPlane(), film: () => this.ofFilm() }[part]();
    this.looking.show(found);
    if (!found) this.seen("");
    if (!found?.words) return;
    this.seen(found.words);
    this.looking.meet(this.moving || this.path.film.timer ? null : found.key, found.image, this.ctx.net().dataset);
  }

  ofGrid() {
    const { value, asked } = this.grid;
    const { tap } = this.ctx.store.get();
    if (!value) return null;
    const what = this.say("of_image", { number: tap + 1 });
    return { ...this.part(value, asked, tap), what, name: this.names[tap] };
  }

  ofPlane() {
    if (!this.grid.value || !this.sheet.value) return null;
    const { image, name, exact } = this.nearestKnown();
    const known = { score: exact?.scores[0], words: exact?.words, key: JSON.stringify(this.point.asked) };
    return { image, what: this.say("in_plane"), name, ...known };
  }

  ofFilm() {
    const { value, asked } = this.between;
    const { at } = this;
    if (!this.grid.value || !value) return null;
    return { ...this.part(value, asked, at), what: this.say("of_film", { number: at }), name: value.names[at] };
  }

  /** One of the images of an answer, with its score and its sentence. */
  part(value, asked, i) {
    const image = imageOf(this.bytes(value), i);
    return { image, score: value.scores[i], words: value.words[i], key: JSON.stringify([asked, i]) };
  }

  get found() {
    return this.grid.value;
  }

  table() {
    const { grid, between } = this;
    const isFilm = this.ctx.store.get().part === "film" && between.value;
    const name = `${this.ctx.net().name}-${isFilm ? "path" : "grid"}`;
    if (!grid.value) return null;
    const rows = isFilm
      ? between.value.scores.map((score, k) => [k, score, between.value.lengths[k]])
      : grid.value.scores.map((score, k) => [k + 1, this.names[k], score]);
    return { name, rows: [isFilm ? ["frame", "score", "length of the code"] : ["image", "class", "score"], ...rows] };
  }
}

export default {
  create: (ctx) => new Generate(ctx),
};
