/** Finish this: the upper rows of one picture, and what every family makes of the rest in its own way. */

import { fill, h, setText } from "../kit/dom.js";
import { capital, num } from "../kit/format.js";
import { createSeen, empty } from "../kit/parts.js";
import { createSeed } from "../kit/seed.js";
import { toBase64 } from "../kit/tensors.js";
import { createTries } from "../kit/tries.js";
import { bySpace } from "./by_space.js";
import { completeWords } from "./complete_words.js";
import { drawerOf, whose } from "./drawers.js";
import { Race } from "./race.js";
import { costOf } from "./race_words.js";

const ASK_AGAIN = ["data", "net", "img", "draw", "source", "keep", "x", "axis", "seed", "mode"];
const ROWS = ["from the real", "from each other", "evaluations", "seconds here"];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Why a family does not fill in anything; null where it does. */
const whyNot = ({ error, can, cannot }) => error ?? (can.complete ? null : `Cannot, because ${cannot.complete}.`);

class Complete {
  constructor(ctx) {
    this.ctx = ctx;
    this.moving = false;
    this.drawer = drawerOf(ctx);
    this.kept = this.drawer.kept(ctx, (ended) => this.keep(ended));
    this.race = new Race(ctx, {
      name: "complete",
      doing: "fills in the rest",
      label: `The rest, as ${whose(ctx)} fills it in`,
      rows: ROWS,
      beside: this.kept.beside,
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
    this.chooser = this.drawer.chooser(ctx);
    this.seed = createSeed(ctx, { words: "Other answers" });
    this.seen = createSeen();
    race.fill(ctx.main, this.empty);
    fill(
      ctx.panel,
      h(
        "div",
        { class: "mode-body" },
        this.chooser.element,
        this.kept.control,
        race.clock,
        h("div", { class: "row" }, this.seed.element, race.all),
        this.seen.element,
        createTries(ctx),
      ),
    );
  }

  enter() {
    this.drawer.start(this.ctx);
  }

  leave() {
    this.race.leave();
  }

  key(event) {
    return this.race.key(event);
  }

  /** Something else is kept; once that rests, everybody is asked. */
  keep(ended) {
    this.moving = !ended;
    if (ended) this.ctx.refresh("keep");
  }

  get chosen() {
    return this.drawer.picked(this.ctx);
  }

  /** What Python is asked; null while nothing is chosen. */
  requestOf({ net }) {
    const { seed } = this.ctx.store.get();
    return this.chosen && { net, picture: this.chosen, known: toBase64(this.kept.bits), seed, label: null };
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
    const { nothing, part } = this.drawer;
    this.empty.hidden = this.chosen !== null;
    this.race.element.hidden = this.chosen === null;
    setText(this.empty, `${nothing[this.chooser.kind]}: ${part.kept}, and ${whose(this.ctx)} fills in the rest.`);
    if (this.chosen) this.kept.update();
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
    const { drawer, kept } = this;
    const { size, distance, isSame } = drawer;
    const real = drawer.fed(this.ctx, family.space);
    if (!real) return {};
    const count = x.length / size;
    const away = mean(Array.from({ length: count }, (_, k) => distance(x, k, real, 0)));
    const same = x.every((value, i) => !kept.isKept(i % size) || isSame(value, real[i % size]));
    const pairs = Array.from({ length: count }, (_, k) => Array.from({ length: k }, (_, j) => distance(x, k, x, j)));
    return { away, same, among: count > 1 ? mean(pairs.flat()) : null };
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
    const { drawer, kept, chosen } = this;
    const told = () =>
      completeWords({
        found: this.found ?? [],
        kept: kept.sentence,
        part: drawer.part.one,
        name: drawer.nameOf(chosen),
      });
    this.seen(chosen ? this.race.wordsOf(told) : "", moving);
  }

  picture() {
    const { seed } = this.ctx.store.get();
    return this.chosen &&
      this.race.picture(`${capital(this.drawer.chosenName(this.ctx))}: ${this.kept.words}; seed ${seed}.`);
  }

  table() {
    if (!this.found?.length) return null;
    const { seed } = this.ctx.store.get();
    const { name } = this.ctx.net();
    const head = [
      "network",
      this.kept.name,
      "seed",
      "evaluations",
      "seconds",
      "L2 from the real rest",
      "L2 from each other",
    ];
    const rows = this.found.map((
      { family, film, away, among },
    ) => [family.net, this.kept.value, seed, film.planned, film.frames.at(-1).numbers.seconds, away, among]);
    return { name: `${name}-${this.ctx.store.get().mode}`, rows: [head, ...rows] };
  }
}

export default {
  hint: (ctx) => `${drawerOf(ctx).hints.complete}, and ${whose(ctx)} fills in the rest in its own way`,
  create: bySpace((ctx) => new Complete(ctx)),
};
