/** Unmask: a text of nothing but masks becomes known, step by step; any of its characters can be masked again. */

import { Fill } from "./fill.js";
import { legend } from "./letters.js";

class Unmask extends Fill {
  constructor(ctx) {
    super(ctx, "unmask");
  }

  title({ steps, again }) {
    return again.length ? "Your characters, drawn again" : `A text in ${steps} steps`;
  }

  legend() {
    const confidence = legend([[0, "0"], [0.5, "50"], [1, "100 %"]], "Confidence:");
    confidence.append(...this.kinds({ filled: "drawn", guess: "masked, most probable" }));
    return confidence;
  }

  /** The largest probability at each place: now where it is masked, and when it was drawn. */
  tintsOf({ numbers }) {
    return numbers.confidence?.[0] ?? [];
  }

  /** Masks a character of the finished text again, or keeps what it was. */
  mask(place) {
    if (!this.drawn.done) return;
    const { again: before } = this.request;
    const again = before.includes(place) ? before.filter((each) => each !== place) : [...before, place];
    this.ctx.store.commit({ again, at: null });
  }
}

export default {
  hint: "A network unmasks a text; tap a character to mask it",
  create: (ctx) => new Unmask(ctx),
};
