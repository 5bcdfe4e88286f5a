/** Order: the same seed row by row, at random and most certain first, and what many pixels at a step cost. */

import { find } from "../kit/card.js";
import { h, setText } from "../kit/dom.js";
import { PIXELS } from "../kit/pixels.js";
import { Drawn, withSettings } from "../questions/drawn.js";
import { createFacts } from "../questions/race.js";
import { createPer } from "./choices.js";
import { costWords, orderWords } from "./orders_words.js";
import { ORDER_NAMES } from "./unmask_words.js";

const SETTINGS = ["random", "raster", "certain"].map((order) => ({ title: ORDER_NAMES[order], order }));
const ROWS = ["evaluations"];

class Orders extends Drawn {
  constructor(ctx) {
    const cost = h("p", { class: "note" });
    super(withSettings(ctx, SETTINGS), {
      name: "unmask_many",
      doing: "draws",
      label: "Three orders on one clock",
      others: "Another seed",
      rows: ROWS,
      factsOf: () => createFacts(ROWS),
      above: () => [createPer(ctx), { element: cost }],
      below: ({ queue }) => [queue],
      asks: ["per"],
    });
    this.cost = cost;
  }

  requestOf(column) {
    return { ...super.requestOf(column), per: this.ctx.store.get().per };
  }

  figuresOf({ film, frame }) {
    const { evaluations } = frame?.numbers ?? {};
    return [["evaluations", evaluations?.toLocaleString("en") ?? (film ? "drawing…" : "–")]];
  }

  update(changed) {
    const { per } = this.ctx.store.get();
    const of = (count) => find(this.ctx.net().rows, "nll_steps", { per_step: count });
    setText(this.cost, costWords(of(1), of(per), per));
    super.update(changed);
  }

  tell(moving) {
    const { per } = this.ctx.store.get();
    this.seen(this.race.wordsOf(() => orderWords({ per, evaluations: PIXELS / per, apart: this.apart })), moving);
  }

  /** By how many pixels an image differs from that of the first order, on average: [order, pixels] of each other one. */
  get apart() {
    const [first, ...others] = this.race.finished.map(({ family, x }) => [family.title, x]);
    if (!others.length) return [];
    const far = (x) => x.reduce((sum, byte, i) => sum + Number(byte !== first[1][i]), 0) / (x.length / PIXELS);
    return others.map(([title, x]) => [title, far(x)]);
  }

  picture() {
    return this.race.picture(`Seed ${this.ctx.store.get().seed}, ${this.ctx.store.get().per} pixels a step.`);
  }

  table() {
    const { seed, net, per } = this.ctx.store.get();
    const rows = this.race.finished.map(({ family, film }) => {
      const { evaluations, seconds } = film.frames.at(-1).numbers;
      return [family.settings.order, per, seed, evaluations, seconds];
    });
    return rows.length
      ? { name: `${net}-orders`, rows: [["order", "pixels a step", "seed", "evaluations", "seconds"], ...rows] }
      : null;
  }
}

export default {
  hint: "One seed in three orders, on one clock: grey is masked",
  create: (ctx) => new Orders(ctx),
};
