/** Finish this: the upper rows of one picture, and what every family makes of the rest in its own way. */

import { Board } from "../kit/board.js";
import { chosenName, greyOf } from "../kit/chosen.js";
import { Cut } from "../kit/cut.js";
import { fill, h, setText } from "../kit/dom.js";
import { capital, num } from "../kit/format.js";
import { createSeen, empty } from "../kit/parts.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/picture.js";
import { PIXELS, SIDE } from "../kit/pixels.js";
import { createSeed } from "../kit/seed.js";
import { distance, spread } from "../kit/strip.js";
import { packBits, toBase64 } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { finishWords } from "./finish_words.js";
import { Race } from "./race.js";
import { costOf } from "./race_words.js";

const ASK_AGAIN = ["data", "img", "draw", "source", "keep", "seed", "mode"];
const ROWS = ["from the real", "from each other", "evaluations", "seconds here"];
const SIZE = 200;
const TRIES = [
  ["A quarter is kept", { keep: 7 }],
  ["Three quarters are kept", { keep: 21 }],
  ["Half a shirt", { data: "fashion-mnist", img: 6, draw: null, source: null, keep: 14 }],
];
const NOTHING = {
  test: "Choose a test image: its upper rows are kept, and every family fills in the rest.",
  draw: "Draw something on the pad: its upper rows are kept, and every family fills in the rest.",
};

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Why a family does not fill in anything; null where it does. */
const whyNot = ({ error, can, cannot }) => error ?? (can.complete ? null : `Cannot, because ${cannot.complete}.`);

class Finish {
  constructor(ctx) {
    this.ctx = ctx;
    this.moving = false;
    this.board = new Board({ label: "What is kept of the picture", size: SIZE });
    this.cut = new Cut(this.board.element, (rows, { commit }) => this.keep(rows, commit));
    this.race = new Race(ctx, {
      name: "finish",
      doing: "fills in the rest",
      label: "The rest, as every family fills it in",
      rows: ROWS,
      beside: h("figure", { class: "kept" }, this.cut.element, h("figcaption", {}, "what is kept")),
      requestOf: (family) => this.requestOf(family),
      whyNot: (family) => whyNot(family),
      figuresOf: (found) => this.figuresOf(found),
      onChange: () => this.arrived(),
      tell: (moving) => this.tell(moving),
    });
    this.build();
  }

  build() {
    const { ctx, race } = this;
    this.empty = empty();
    this.chooser = new Picture(ctx, { others: false });
    this.seed = createSeed(ctx, { words: "Other answers" });
    this.seen = createSeen();
    race.fill(ctx.main, this.empty);
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        race.clock,
        h("div", { class: "row" }, this.seed.element, race.all),
        this.seen.element,
        createTries(ctx, TRIES),
      ),
    );
  }

  enter() {
    startWithExample(this.ctx);
  }

  leave() {
    this.race.leave();
  }

  key(event) {
    return this.race.key(event);
  }

  /** The handle moved; once it rests, everybody is asked. */
  keep(rows, ended) {
    this.moving = !ended;
    this.ctx.store.set({ keep: Math.max(this.ctx.fields.keep.low, rows) }, { commit: ended });
    if (ended) this.ctx.refresh("keep");
  }

  get chosen() {
    return drawnOrTest(this.ctx.store.get(), this.ctx.net().name);
  }

  /** What Python is asked; null while nothing is chosen. */
  requestOf({ net }) {
    const { seed, keep } = this.ctx.store.get();
    const known = packBits(Uint8Array.from({ length: PIXELS }, (_, i) => (i < keep * SIDE ? 1 : 0)));
    return this.chosen && { net, picture: this.chosen, known: toBase64(known), seed, label: null };
  }

  update(changed) {
    this.chooser.update();
    this.seed.update();
    this.show();
    if (this.moving) return;
    if (ASK_AGAIN.some((key) => changed.has(key))) this.race.ask();
    else if (["at", "clock", "all", "assets"].some((key) => changed.has(key))) this.race.show();
  }

  /** The picture with what is kept of it, or what to do where there is none. */
  show() {
    const { keep } = this.ctx.store.get();
    const grey = greyOf(this.ctx);
    this.cut.set(keep);
    this.empty.hidden = this.chosen !== null;
    this.race.element.hidden = this.chosen === null;
    setText(this.empty, NOTHING[this.chooser.kind]);
    if (grey) {
      this.board.show({
        values: Float32Array.from(grey, (value) => value / 255),
        known: keep * SIDE,
        words: `the upper ${keep} of ${SIDE} rows are kept`,
      });
    }
  }

  /** The real picture as a family is fed it, 784 bytes; null while it is not read. */
  realOf({ pixels }) {
    const { chosen } = this;
    const { assets } = this.ctx;
    if (chosen?.test === undefined || pixels !== "binary") return greyOf(this.ctx);
    return assets.ready ? assets.bits(chosen.test).map((bit) => 255 * bit) : null;
  }

  figuresOf({ family, film, frame }) {
    const found = film?.done && frame === film.frames.at(-1) ? this.measure(family, frame) : {};
    return [["from the real", num(found.away)], ["from each other", num(found.among)], ...costOf({ film, frame })];
  }

  /**
   * How far a family's answers are from the real picture, and from each other, on average (L2); and whether what is
   * kept is the same in all of them, but for rounding.
   */
  measure(family, { x }) {
    const real = this.realOf(family);
    if (!real) return {};
    const count = x.length / PIXELS;
    const away = mean(Array.from({ length: count }, (_, k) => distance(x, k, real, 0)));
    const kept = SIDE * this.ctx.store.get().keep;
    const same = x.every((value, i) => i % PIXELS >= kept || Math.abs(value - real[i % PIXELS]) <= 1);
    return { away, same, among: count > 1 ? spread(x, count) : null };
  }

  arrived() {
    for (const column of this.race.columns) {
      column.say(whyNot(column.family) === null ? capital(`${column.family.can.complete}.`) : "");
    }
    this.found = this.race.finished.map(({ family, film }) => ({
      family,
      film,
      ...this.measure(family, film.frames.at(-1)),
    }));
    this.tell(false);
  }

  tell(moving) {
    const { keep } = this.ctx.store.get();
    this.seen(
      this.chosen
        ? this.race.wordsOf(() => finishWords({ found: this.found ?? [], keep, name: nameOf(this.chosen) }))
        : "",
      moving,
    );
  }

  picture() {
    const { keep, seed } = this.ctx.store.get();
    return this.chosen &&
      this.race.picture(`${capital(chosenName(this.ctx))}: the upper ${keep} of ${SIDE} rows are kept; seed ${seed}.`);
  }

  table() {
    if (!this.found?.length) return null;
    const { data, seed, keep } = this.ctx.store.get();
    const head = [
      "network",
      "rows kept",
      "seed",
      "evaluations",
      "seconds",
      "L2 from the real rest",
      "L2 from each other",
    ];
    const rows = this.found.map((
      { family, film, away, among },
    ) => [family.net, keep, seed, film.planned, film.frames.at(-1).numbers.seconds, away, among]);
    return { name: `${data}-finish`, rows: [head, ...rows] };
  }
}

export default {
  id: "finish",
  title: "Finish this",
  hint: "Drag the handle: what is above it is kept, and every family fills in the rest in its own way",
  create: (ctx) => new Finish(ctx),
};
