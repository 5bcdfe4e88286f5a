/**
 * Inpainting: what is kept of a picture stays, and the network fills in the rest four times, with resampling (RePaint).
 */

import { num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";
import { Complete } from "../questions/complete.js";
import { answersOf, frameOf } from "./answers.js";
import { createControls } from "../kit/shell/controls.js";
import { createSteps, few } from "./choices.js";
import { inpaintingWords, seamsOf } from "./complete_words.js";
import { Mask } from "./mask.js";

const ROWS = ["from the real rest", "from each other"];
const NOTHING = {
  test: "Choose a test image: what you keep of it stays, and the network fills in the rest.",
  draw: "Draw something on the pad: what you keep of it stays, and the network fills in the rest.",
};
const ALL_KEPT = "Everything is kept. Rub out a part of the picture, and the network fills it in four times.";

class Inpainting extends Complete {
  constructor(ctx) {
    const { controls, more } = ctx.value().panels.complete;
    const [scale, rounds] = [controls, more].map((rows) =>
      createControls(ctx, { controls: rows, more: [], request: {} })
    );
    super(ctx, {
      ...answersOf(ctx, ({ steps }) => few(steps)),
      name: "complete",
      others: "Draw another",
      labelled: true,
      rows: ROWS,
      kept: (...about) => new Mask(...about),
      below: ({ queue }) => [scale, queue],
      rare: [rounds, createSteps(ctx)],
      asks: ["mask", "w", "steps", "resamples"],
    });
  }

  /** What Python is asked; null while nothing is chosen, or nothing is left to fill in. */
  requestOf(column) {
    const { label, w, steps, resamples } = this.ctx.store.get();
    const how = { w: label === null ? 1 : w, steps: few(steps), resamples };
    return this.lacks ? null : { ...super.requestOf(column), ...how };
  }

  get lacks() {
    if (!this.chosen) return NOTHING[this.chooser.kind];
    return this.kept.isWhole ? ALL_KEPT : null;
  }

  figuresOf({ family, frame }) {
    const { rest, among } = (frame && this.measure(family, frame)) || {};
    return [[ROWS[0], rest ? rest.map((value) => num(value)).join(", ") : "–"], [ROWS[1], num(among)]];
  }

  arrived() {
    this.tell(false);
  }

  tell(moving) {
    const frame = frameOf(this);
    const measured = frame ? this.measure(this.ctx.net().column, frame) : {};
    const real = this.drawer.fed(this.ctx, this.ctx.net().column.space);
    this.found = measured.rest ? { ...measured, ...seamsOf(frame.x, real, this.kept.flags) } : null;
    const words = () =>
      inpaintingWords({
        ...this.found,
        s: frame.time,
        known: this.kept.value,
        name: this.drawer.nameOf(this.chosen),
        resamples: this.ctx.store.get().resamples,
      });
    this.seen(this.found ? words() : "", moving || this.race.queue.running !== null);
  }

  table() {
    if (!this.found) return null;
    const { net, seed, resamples } = this.ctx.store.get();
    const { value: known } = this.kept;
    const rows = this.found.rest.map((
      value,
      k,
    ) => [k + 1, known, PIXELS - known, resamples, seed, value, this.found.seams[k]]);
    const head = [
      "answer",
      "pixels kept",
      "pixels filled in",
      "resamples",
      "seed",
      "L2 distance from the real rest",
      "jump at the seam",
    ];
    return { name: `${net}-complete`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Erase a part: the network fills it in four times",
  create: (ctx) => new Inpainting(ctx),
};
