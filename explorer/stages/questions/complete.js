/** Finish this: the upper rows of one picture, and what every family makes of the rest in its own way. */

import { setText } from "../kit/base/dom.js";
import { capital, num } from "../kit/base/format.js";
import { moreControls } from "../kit/panel/more.js";
import { empty } from "../kit/panel/parts.js";
import { mean } from "../kit/base/sums.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { bySpace } from "./by_space.js";
import { completeWords, completingCost } from "./complete_words.js";
import { drawerOf, whose } from "./drawers.js";
import { Drawn } from "./drawn.js";
import { costOf, whyNot } from "./race_words.js";

const ASKS = ["img", "draw", "source", "keep", "x", "axis"];
const ROWS = ["error, L2", "L2 between them", "evaluations", "server time, s"];

/** A figure, as soon as there is one. */
export const known = (value) => (value === undefined ? "" : num(value));

const lacking = whyNot("complete");

export class Complete extends Drawn {
  /**
   * `kept(ctx, onKeep)` is the choice of what is kept, the space's own unless given; `above` the seed stand more
   * controls. The rest is what `Drawn` is told otherwise.
   */
  constructor(
    ctx,
    { kept, above = ({ clock }) => [{ element: moreControls(clock.element) }], asks = [], ...own } = {},
  ) {
    const drawer = drawerOf(ctx);
    const chooser = drawer.chooser(ctx);
    const keeps = (kept ?? drawer.kept)(ctx, (ended) => this.keep(ended));
    const nothing = empty();
    super(ctx, {
      name: "ask_complete",
      doing: "fills in the rest",
      label: `The rest, as ${whose(ctx)} fills it in`,
      others: "Draw again",
      labelled: false,
      rows: ROWS,
      beside: keeps.beside,
      before: [nothing],
      above: (race) => [chooser, { element: keeps.control }, ...above(race)],
      asks: [...ASKS, ...asks],
      whyNot: lacking,
      ...own,
    });
    Object.assign(this, { drawer, chooser, kept: keeps, empty: nothing, moving: false });
  }

  enter() {
    this.drawer.start(this.ctx);
  }

  /** Something else is kept; once that rests, everybody is asked. */
  keep(ended) {
    this.moving = !ended;
    if (ended) this.ctx.refresh("keep");
  }

  get chosen() {
    return this.drawer.picked(this.ctx);
  }

  /** Question to Python; null while nothing is chosen. */
  requestOf(column) {
    const { chosen, kept } = this;
    return chosen && { ...super.requestOf(column), picture: chosen, known: toBase64(kept.bits) };
  }

  update(changed) {
    this.show();
    if (this.moving) this.tune();
    else super.update(changed);
  }

  /** Hint, where there is nothing to show; null where there is something. */
  get lacks() {
    const { nothing, part } = this.drawer;
    const rest = `${part.kept}, and ${whose(this.ctx)} fills in the rest.`;
    return this.chosen ? null : `${nothing[this.chooser.kind]}: ${rest}`;
  }

  /** The picture with what is kept of it, or what to do where there is none. */
  show() {
    this.empty.hidden = this.lacks === null;
    this.race.element.hidden = this.chosen === null;
    setText(this.empty, this.lacks ?? "");
    if (this.chosen) this.kept.update();
  }

  figuresOf({ family, film, frame }) {
    const found = film?.done && frame === film.frames.at(-1) ? this.measure(family, frame) : {};
    return [[ROWS[0], known(found.away)], [ROWS[1], known(found.among)], ...costOf({ film, frame })];
  }

  /**
   * The mean distance (L2) of a family's answers from the real picture, and from each other; and whether the kept pixels
   * are the same in all of them, but for rounding.
   */
  measure(family, { x }) {
    const { drawer, kept } = this;
    const { size, distance, isSame } = drawer;
    const real = drawer.fed(this.ctx, family.space);
    if (!real) return {};
    const count = x.length / size;
    const rest = Array.from({ length: count }, (_, k) => distance(x, k, real, 0));
    const same = x.every((value, i) => !kept.isKept(i % size) || isSame(value, real[i % size]));
    const pairs = Array.from({ length: count }, (_, k) => Array.from({ length: k }, (_, j) => distance(x, k, x, j)));
    return { rest, away: mean(rest), same, among: count > 1 ? mean(pairs.flat()) : null };
  }

  costOf(family) {
    return completingCost(family);
  }

  arrived() {
    for (const column of this.race.columns) {
      column.words.classList.toggle("with-words", this.race.columns.length === 1);
      column.say(lacking(column.family) === null ? capital(`${column.family.can.complete}.`) : "");
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
    const sentence = () =>
      completeWords({
        found: this.found ?? [],
        kept: kept.sentence,
        part: drawer.part.one,
        name: drawer.nameOf(chosen),
      });
    this.seen(chosen ? this.race.wordsOf(sentence) : "", moving);
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

export default bySpace({
  hint: (ctx) => `${drawerOf(ctx).hints.complete}: ${whose(ctx)} fills in the rest`,
  create: (ctx) => new Complete(ctx),
});
