/** Order: the same seed row by row, at random and most certain first, and what many pixels at a step cost. */

import { find } from "../kit/shell/card.js";
import { PIXELS } from "../kit/image/pixels.js";
import { takeNet } from "../kit/shell/take_net.js";
import { withSettings } from "../questions/drawn.js";
import { MASKING } from "./choices.js";
import { costWords, orderWords } from "./orders_words.js";
import { PerStep } from "./per_step.js";
import { ORDER_NAMES } from "./unmask_words.js";

const SETTINGS = ["random", "raster", "certain"].map((order) => ({ title: ORDER_NAMES[order], order }));

class Orders extends PerStep {
  apart = "order";

  constructor(ctx) {
    super(withSettings(ctx, SETTINGS), { name: "unmask_many", label: "Three orders on one clock" });
  }

  enter() {
    takeNet(this.ctx, MASKING);
  }

  nameOf({ settings }) {
    return settings.order;
  }

  note({ per }) {
    const of = (count) => find(this.ctx.net().rows, "nll_steps", { per_step: count });
    return costWords(of(1), of(per), per);
  }

  words({ per }) {
    return orderWords({ per, evaluations: PIXELS / per, apart: this.others });
  }

  /** By how many pixels an image differs from that of the first order, on average: [order, pixels] of each other one. */
  get others() {
    const [first, ...others] = this.race.finished.map(({ family, x }) => [family.title, x]);
    if (!others.length) return [];
    const far = (x) => x.reduce((sum, byte, i) => sum + Number(byte !== first[1][i]), 0) / (x.length / PIXELS);
    return others.map(([title, x]) => [title, far(x)]);
  }
}

export default {
  hint: "One seed in three orders, on one clock: grey is masked",
  create: (ctx) => new Orders(ctx),
};
