/**
 * Inpainting: what is kept of a picture stays, and the network fills in the rest four times, with resampling (RePaint).
 */

import { Complete } from "../questions/complete.js";
import { answersOf, tableOf, tell } from "./answers.js";
import { Mask } from "./mask.js";
import { Steps } from "./times.js";

class Inpainting extends Complete {
  constructor(ctx) {
    super(ctx, {
      ...answersOf(new Steps(ctx)),
      kept: (...about) => new Mask(...about),
      below: ({ queue }) => [queue],
    });
  }

  get lacks() {
    return super.lacks ?? (this.kept.isWhole ? this.say({}, "all") : null);
  }

  figuresOf({ frame }) {
    return frame?.report.figures ?? this.figures({});
  }

  arrived() {
    this.tell(false);
  }

  tell(moving) {
    tell(this, moving);
  }

  table() {
    return tableOf(this);
  }
}

export default {
  hint: "Erase a part: the network fills it in four times",
  create: (ctx) => new Inpainting(ctx),
};
