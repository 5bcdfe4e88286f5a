/** 64 draws from the prior, and why their means are blurry. */
import { Answered } from "../kit/shell/answered.js";
import { button, fill, h, numberBox, setName } from "../kit/shell/dom.js";
import { pair } from "../kit/shell/format.js";
import { captioned, createSeen, dim, empty, fillPanel, keySegments, whileBusy } from "../kit/shell/parts.js";
import { codeImage, contextOf, drawImage, imageCanvas, imageOf, toBytes } from "../kit/image/pixels.js";
import { nextSeed } from "../kit/shell/seed.js";
import { floats32, fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { createEarlier } from "./earlier.js";
import { OnMap } from "./on_map.js";
import { paintDot, paintImage } from "./paint.js";

const COLUMNS = 8;
const DRAWS = COLUMNS * COLUMNS;
const CELL = 44;
const SIZE = COLUMNS * CELL;
const SMALL = 72;
const PER_FRAME = 16;
const ASK_AGAIN = ["data", "rest", "seed", "assets", "mode"];
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

class Sample extends OnMap {
  constructor(ctx) {
    super(ctx);
    this.drawn = new Answered(ctx, "sample", () => this.arrived());
    this.marked = null;
    this.met = new Answered(ctx, "tapped", () => this.showNear());
    this.moving = null;
    this.build();
  }

  build() {
    const { commit } = this.ctx.store;
    this.seed = numberBox("Seed", { field: this.ctx.fields.seed, onchange: (seed) => commit({ seed, tap: null }) });
    this.again = button("Draw again", () => commit({ seed: nextSeed(this.ctx), tap: null }), {
      title: "Next seed",
    });
    this.pixels = keySegments(this.ctx, "pixels", "Pixels", [["means", "means"], ["bits", "Bernoulli pixels"]]);
    this.grid = h("canvas", { class: "sample-grid", role: "application", tabindex: 0 });
    setName(this.grid, "64 draws from the prior. Arrow keys choose one, Enter finds its nearest training image.");
    this.grid.addEventListener("click", (event) => this.tap(event));
    this.grid.addEventListener("keydown", (event) => this.gridKey(event));
    this.near = h("div", { class: "pictures" });
    this.seen = createSeen();
    this.earlier = createEarlier(this.near, this.seen.element);
    this.empty = empty("Tap a draw: the training image nearest to it, and what shares its neighbourhood, appear here.");
    const controls = h("div", { class: "row" }, this.seed, this.again, this.pixels);
    fillPanel(
      this.ctx,
      controls,
      h("div", { class: "draws shown" }, this.grid, this.empty, this.near),
      this.earlier.element,
      this.seen.element,
    );
  }

  update(changed) {
    const { seed, pixels, beta } = this.ctx.store.get();
    this.seed.set(seed);
    this.pixels.set(pixels);
    if (changed.has("pixels") || changed.has("theme") || !this.answer) this.show();
    if (this.answer) this.follow(beta);
    if (ASK_AGAIN.some((key) => changed.has(key))) this.ask();
    if (["tap", "pixels", "mode"].some((key) => changed.has(key))) this.meet();
  }

  /** While β moves, the same z are decoded here, a few a frame; pixels drawn by Python stay, dimmed. */
  follow(beta) {
    const { answer, moving } = this;
    const { pixels, tap } = this.ctx.store.get();
    const isEarlier = answer.beta !== beta;
    this.earlier(isEarlier && (tap !== null || pixels === "bits") ? answer.beta : null);
    dim(this.grid, isEarlier && pixels === "bits");
    if (isEarlier) {
      if (moving?.beta !== beta) {
        this.moving = { beta, left: DRAWS, next: moving?.next ?? 0, means: moving?.means ?? answer.means.slice() };
      }
      if (this.moving.left > 0) this.decodeSome(this.moving);
    } else if (moving) {
      this.moving = null;
      this.show();
    }
  }

  decodeSome(moving) {
    const { z } = this.answer;
    for (let k = 0; k < PER_FRAME && moving.left > 0; k++) {
      const i = moving.next;
      const pixels = this.ctx.decode([z[2 * i], z[2 * i + 1]], moving.beta);
      if (!pixels) return;
      moving.means.set(toBytes(pixels), 784 * i);
      Object.assign(moving, { next: (i + 1) % DRAWS, left: moving.left - 1 });
    }
    this.show();
  }

  ask() {
    const { data: dataset, seed } = this.ctx.store.get();
    const wanted = { dataset, beta: this.ctx.restingBeta, seed };
    if (!this.ctx.net().error) whileBusy(this.again, () => this.drawn.want(wanted), "Drawing…");
  }

  arrived() {
    const { isCurrent, asked, value } = this.drawn;
    if (!isCurrent) return;
    const { z, means, pixels, words } = value;
    this.answer = { ...asked, words, z: floats32(z), means: fromBase64(means), bits: fromBase64(pixels) };
    this.moving = null;
    this.follow(this.ctx.store.get().beta);
    this.marked = this.ctx.store.get().tap;
    this.show();
    this.meet();
  }

  /** The values of one draw as they are on the screen: means, or pixels drawn from them. */
  image(i) {
    const { bits } = this.answer;
    const means = this.moving?.means ?? this.answer.means;
    if (this.ctx.store.get().pixels === "means") return imageOf(means, i);
    return unpackBits(bits.subarray(98 * i, 98 * (i + 1)), 784).map((bit) => 255 * bit);
  }

  show() {
    this.grid.hidden = !this.answer;
    const first = this.marked ?? 0;
    this.ctx.show("code", this.answer && codeImage(this.answer.z.subarray(2 * first, 2 * first + 2)));
    this.ctx.show("out", this.answer && this.image(first));
    if (!this.answer) return;
    const context = contextOf(this.grid, SIZE);
    for (let i = 0; i < DRAWS; i++) {
      paintImage(context, this.image(i), (i % COLUMNS) * CELL, Math.floor(i / COLUMNS) * CELL, CELL);
    }
    if (this.marked !== null) {
      Object.assign(context, { strokeStyle: this.ctx.map.colours.you, lineWidth: 3 });
      context.strokeRect(
        (this.marked % COLUMNS) * CELL + 1.5,
        Math.floor(this.marked / COLUMNS) * CELL + 1.5,
        CELL - 3,
        CELL - 3,
      );
    }
    this.ctx.refresh("overlay");
  }

  tap(event) {
    const box = this.grid.getBoundingClientRect();
    const [column, row] = [event.clientX - box.left, event.clientY - box.top].map((value) =>
      Math.floor((value / box.width) * COLUMNS)
    );
    this.choose(Math.max(0, Math.min(DRAWS - 1, row * COLUMNS + column)));
  }

  gridKey(event) {
    if (!this.answer) return;
    if (event.key === "Enter") this.choose(this.marked ?? 0);
    else if (event.key in MOVES) {
      const next = this.marked === null ? 0 : this.marked + MOVES[event.key];
      if (next >= 0 && next < DRAWS) this.mark(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  mark(index) {
    this.marked = index;
    const { z } = this.answer;
    this.ctx.describe(
      `Draw ${index + 1} of ${DRAWS}, row ${Math.floor(index / COLUMNS) + 1}, z = ` +
        `${pair([z[2 * index], z[2 * index + 1]])}.`,
    );
    this.show();
  }

  choose(index) {
    if (!this.answer) return;
    this.mark(index);
    this.ctx.store.commit({ tap: index });
  }

  /** Asks for what the tapped draw resembles; its z stays the same while β and the pixels change. */
  meet() {
    const { tap, pixels } = this.ctx.store.get();
    if (!this.answer) return;
    const { dataset, beta, seed, words } = this.answer;
    this.met.want(tap === null ? null : { dataset, beta, seed, tap, pixels });
    if (tap !== null) return tap !== this.marked && this.mark(tap);
    this.empty.hidden = false;
    fill(this.near);
    this.seen(words);
  }

  showNear() {
    const { value, isCurrent } = this.met;
    if (!isCurrent) return;
    const images = fromBase64(value.images);
    const picture = (name, k) => {
      const canvas = imageCanvas(name, SMALL);
      drawImage(canvas, imageOf(images, k));
      return captioned(canvas, name);
    };
    this.empty.hidden = true;
    fill(this.near, value.names.map(picture));
    this.seen(value.words);
  }

  table() {
    const { answer } = this;
    if (!answer) return null;
    const rows = Array.from({ length: DRAWS }, (_, i) => [i + 1, answer.z[2 * i], answer.z[2 * i + 1]]);
    return { name: `draws-${answer.dataset}-${answer.seed}`, rows: [["draw", "z1", "z2"], ...rows] };
  }

  draw({ ctx2d, toScreen, colours: { you, ground } }) {
    if (!this.answer) return;
    const { z } = this.answer;
    for (let i = 0; i < DRAWS; i++) {
      paintDot(ctx2d, toScreen([z[2 * i], z[2 * i + 1]]), i === this.marked ? 8 : 4, { fill: you, stroke: ground });
    }
  }
}

export default {
  hint: "64 draws from the prior; tap one for the nearest training image",
  create: (ctx) => new Sample(ctx),
};
