/** Generate: sixteen images of a seed, the plane through three of their codes, and the film from one to another. */

import { fill, h, setText } from "../kit/base/dom.js";
import { createClass } from "../kit/image/class_choice.js";
import { num } from "../kit/base/format.js";
import { createSeen, dim, dimAnswer, empty, fillPanel, segmented, whileBusy } from "../kit/panel/parts.js";
import { imageOf } from "../kit/image/pixels.js";
import { createSeed } from "../kit/panel/seed.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { createTries } from "../kit/lesson/tries.js";
import { Answered } from "../kit/ask/answered.js";
import { Looking } from "./looking.js";
import { Path } from "./path.js";
import { Plane } from "./plane.js";
import { CORNERS, Tiles } from "./tiles.js";

const ASK_AGAIN = ["net", "seed", "label", "plane", "mode"];

class Generate {
  constructor(ctx) {
    this.ctx = ctx;
    this.arrays = new WeakMap();
    const answered = (name) => new Answered(ctx, name, () => this.show());
    Object.assign(this, {
      grid: answered("generate"),
      sheet: answered("sheet"),
      point: answered("plane"),
      between: answered("between"),
    });
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
    this.looking = new Looking(ctx, this.corners);
    this.empty = empty();
    this.screen = h(
      "div",
      { class: "generate" },
      this.figure("Sixteen draws", this.tiles.element, "generate-grid"),
      this.figure("Plane through A, B, C", [this.plane.element, this.place], "generate-plane result"),
      this.figure("From A to B", this.path.film.host, "generate-path"),
    );
    fill(ctx.main, this.empty, this.screen);
    this.seed = createSeed(ctx, { words: "Draw again", onRetry: () => this.answers.forEach((each) => each.retry()) });
    this.label = createClass(ctx);
    this.seen = createSeen();
    this.numbers = this.looking.numbers;
    this.dims = [this.looking.figure, this.looking.nearest.element];
    this.seed.element.append(this.label.element);
    fillPanel(
      ctx,
      this.seed.element,
      this.looking.element,
      this.seen.element,
      this.looking.nearest.element,
      createTries(ctx),
    );
  }

  figure(title, element, name) {
    return h("section", { class: name || null }, h("h2", {}, title), element);
  }

  leave() {
    this.path.film.pause();
  }

  key(event) {
    this.path.film.key(event);
    return event.defaultPrevented;
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
    for (const part of [this.seed, this.label]) part.update();
    this.empty.hidden = !error;
    this.screen.hidden = Boolean(error);
    setText(this.empty, error ?? "");
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    else if (changed.has("u") || changed.has("v")) this.askPoint();
    this.show();
  }

  get question() {
    const { net, seed, label } = this.ctx.store.get();
    return this.ctx.net().error ? null : { net, seed, label };
  }

  /** The grid comes first; what lies between its images is asked for once it is there. */
  async ask() {
    const { question } = this;
    await whileBusy(this.seed.again, () => this.grid.want(question), "Drawing…");
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

  get answers() {
    return [this.grid, this.sheet, this.point, this.between];
  }

  show() {
    const { grid, sheet, between } = this;
    const { plane, tap } = this.ctx.store.get();
    this.seed.failed(this.answers.some(({ failed }) => failed));
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
    const score = exact ? num(exact.scores[0]) : "…";
    setText(this.place, `u ${num(u)}  v ${num(v)}  score ${score}`);
    this.plane.show({
      lattice: this.bytes(this.sheet.value),
      side: this.sheet.value.side,
      image,
      at: [u, v],
      on: this.ctx.store.get().part === "plane",
      words: `score ${score}`,
    });
  }

  /**
   * Of the images that are there, the one nearest to the cursor; `exact` is the answer where it is the cursor's own.
   */
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
    return `Frame ${at} from A to B: ${this.between.value.names[at]}`;
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
    this.ctx.describe(found.words);
    this.looking.meet(this.moving || this.path.film.timer ? null : found.key, found.image, this.ctx.net().dataset);
  }

  ofGrid() {
    const { value, asked } = this.grid;
    if (!value) return null;
    const { tap } = this.ctx.store.get();
    const [name, score] = [this.names[tap], value.scores[tap]];
    return {
      image: imageOf(this.bytes(value), tap),
      what: `image ${tap + 1}`,
      name,
      score,
      words: value.words[tap],
      key: JSON.stringify([asked, tap]),
    };
  }

  ofPlane() {
    if (!this.grid.value || !this.sheet.value) return null;
    const { image, name, exact } = this.nearestKnown();
    const known = { score: exact?.scores[0], words: exact?.words, key: JSON.stringify(this.point.asked) };
    return { image, what: "in the plane", name, ...known };
  }

  ofFilm() {
    const { value, asked } = this.between;
    if (!this.grid.value || !value) return null;
    const { at } = this;
    const { names, scores, words } = value;
    return {
      image: imageOf(this.bytes(value), at),
      what: `frame ${at}`,
      name: names[at],
      score: scores[at],
      words: words[at],
      key: JSON.stringify([asked, at]),
    };
  }

  hasResult() {
    return Boolean(this.grid.value);
  }

  table() {
    const { grid, between } = this;
    const { part } = this.ctx.store.get();
    if (!grid.value) return null;
    const name = `${this.ctx.net().name}-${part === "film" ? "path" : "grid"}`;
    if (part === "film" && between.value) {
      return {
        name,
        rows: [
          ["frame", "score", "length of the code"],
          ...between.value.scores.map((score, k) => [k, score, between.value.lengths[k]]),
        ],
      };
    }
    return {
      name,
      rows: [["image", "class", "score"], ...grid.value.scores.map((score, k) => [k + 1, this.names[k], score])],
    };
  }
}

export default {
  hint: "Tap an image, or drag in the plane",
  create: (ctx) => new Generate(ctx),
};
