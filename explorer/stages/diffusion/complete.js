/**
 * Inpainting: what is kept of a picture stays, and the network fills in the rest four times, with resampling (RePaint).
 */

import { Complete } from "../questions/complete.js";
import { answersOf, figuresOf, tableOf, tell } from "./answers.js";
import { Mask } from "./mask.js";
import { Steps } from "./times.js";

const NAMES = ["mean L2 to real rest", "L2 of each", "L2 between them"];
const NOTHING = {
  test: "Choose a test image: what you keep of it stays, and the network fills in the rest.",
  draw: "Draw something on the pad: what you keep of it stays, and the network fills in the rest.",
};
const ALL_KEPT = "Everything is kept. Rub out a part of the picture, and the network fills it in four times.";

class Inpainting extends Complete {
  constructor(ctx) {
    super(ctx, {
      ...answersOf(new Steps(ctx)),
      name: "complete",
      declared: "complete",
      labelled: true,
      rows: NAMES,
      kept: (...about) => new Mask(...about),
      above: () => [],
      below: ({ queue }) => [queue],
      asks: ["mask"],
    });
  }

  requestOf(column) {
    return this.lacks ? null : super.requestOf(column);
  }

  get lacks() {
    if (!this.chosen) return NOTHING[this.chooser.kind];
    return this.kept.isWhole ? ALL_KEPT : null;
  }

  figuresOf({ frame }) {
    return figuresOf(frame, NAMES);
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
