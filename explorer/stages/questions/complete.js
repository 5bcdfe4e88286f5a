/** Finish this: the upper rows of one picture, and what every family makes of the rest in its own way. */

import { capital } from "../kit/base/format.js";
import { mean } from "../kit/base/sums.js";
import { toBase64 } from "../kit/plane/tensors.js";
import { bySpace } from "./by_space.js";
import { drawerOf } from "./drawers.js";
import { Drawn } from "./drawn.js";
import { completingCost, costOf, ends, whyNot } from "./race_words.js";

const lacking = whyNot("complete");

export class Complete extends Drawn {
  /**
   * `kept(ctx, onKeep)` is the choice of the known part, the space's own unless given; the rest is as for `Drawn`.
   * @param {Ctx} ctx @param {{kept?: (ctx: Ctx, onKeep: (ended: boolean) => void) => any} & Record<string, any>} [how]
   */
  constructor(ctx, { kept = drawerOf(ctx).kept, ...own } = {}) {
    const keeps = kept(ctx, (ended) => this.keep(ended));
    super(ctx, {
      beside: keeps.beside,
      above: () => [{ element: keeps.control }],
      whyNot: lacking,
      ...own,
    });
    /** @type {any} */
    this.kept;
    /** @type {boolean} */
    this.moving;
    Object.assign(this, { kept: keeps, moving: false });
  }

  /** Something else is kept; once that rests, everybody is asked. */
  keep(ended) {
    this.moving = !ended;
    if (ended) this.ctx.refresh("keep");
  }

  requestOf(column) {
    const asked = super.requestOf(column);
    return asked && { ...asked, known: toBase64(this.kept.bits) };
  }

  update(changed) {
    if (this.moving) this.tune();
    else super.update(changed);
  }

  tune() {
    super.tune();
    if (this.chosen) this.kept.update();
  }

  figuresOf({ family, film, frame }) {
    const found = film?.done && frame === film.frames.at(-1) ? this.measure(family, frame) : {};
    return this.figures({ away: "", among: "", ...found, ...costOf({ film, frame }) });
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
      title: family.title,
      ...this.measure(family, film.frames.at(-1)),
    }));
    this.tell(false);
  }

  tell(moving) {
    this.seen(this.chosen ? this.race.wordsOf(() => this.words()) : "", moving);
  }

  /** Distance of the answers from the real picture, and from each other. */
  words() {
    const { drawer, found = [] } = this;
    const about = { kept: this.kept.sentence, part: drawer.part.one, name: drawer.nameOf(this.chosen) };
    const untouched = found.every(({ same }) => same);
    const [[near, far], [least, most]] = ["away", "among"].map((key) => ends(found, key));
    if (!near) return "";
    if (found.length === 1) {
      const others = Number.isFinite(near.among) && "apart";
      return this.say({ ...about, ...near }, untouched ? "untouched" : "kept", "rest", others);
    }
    if (near === far) return "";
    const mixed = new Set(found.map(({ family }) => family.pixels)).size > 1;
    const names = [untouched ? "all untouched" : "kept", "rests", least !== most && "each apart", mixed && "mixed"];
    return this.say({ ...about, near, far, least, most }, ...names);
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

export default bySpace((ctx) => new Complete(ctx));
