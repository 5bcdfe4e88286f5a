/** Two chains: one seed, one class and as many evaluations for the chain that masks and for the one that throws coins. */

import { find } from "../kit/shell/card.js";
import { withColumns } from "../questions/drawn.js";
import { boundsWords, chainsWords } from "./chains_words.js";
import { PerStep } from "./per_step.js";

class Chains extends PerStep {
  apart = "network";

  constructor(ctx) {
    super(withColumns(ctx, () => Object.values(ctx.value().nets).map(({ column }) => column)), {
      name: "draw_chain",
      label: "Two chains on one clock",
    });
  }

  nameOf({ net }) {
    return net;
  }

  note() {
    const nets = Object.values(this.ctx.value().nets);
    return boundsWords(nets.map(({ column, rows, epochs }) => [column.title, epochs, find(rows, "nll")]));
  }

  words({ per }) {
    return chainsWords(per);
  }
}

export default {
  hint: "Masks or uniform noise: one seed, one class, as many evaluations",
  create: (ctx) => new Chains(ctx),
};
