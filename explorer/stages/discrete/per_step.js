/** Images of one seed in several columns, of which each step draws as many pixels: orders of one chain, or two chains. */

import { h, setText } from "../kit/shell/dom.js";
import { Drawn } from "../questions/drawn.js";
import { createFacts } from "../questions/race.js";
import { createControls } from "../kit/shell/controls.js";

const ROWS = ["evaluations"];

/** A subclass says `note(state)`, `words(state)`, and what tells its columns apart: `apart`, and `nameOf(family)`. */
export class PerStep extends Drawn {
  constructor(ctx, told) {
    const note = h("p", { class: "note with-words" });
    super(ctx, {
      doing: "draws",
      others: "Another seed",
      rows: ROWS,
      factsOf: () => createFacts(ROWS),
      above: () => [createControls(ctx, ctx.value().panels.orders), { element: note }],
      below: ({ queue }) => [queue],
      asks: ["per"],
      ...told,
    });
    this.noted = note;
  }

  requestOf(column) {
    return { ...super.requestOf(column), per: this.ctx.store.get().per };
  }

  figuresOf({ film, frame }) {
    const { evaluations } = frame?.numbers ?? {};
    return [["evaluations", evaluations?.toLocaleString("en") ?? (film ? "drawing…" : "–")]];
  }

  update(changed) {
    setText(this.noted, this.note(this.ctx.store.get()));
    super.update(changed);
  }

  tell(moving) {
    this.seen(this.race.wordsOf(() => this.words(this.ctx.store.get())), moving);
  }

  picture() {
    return this.race.picture(`Seed ${this.ctx.store.get().seed}, ${this.ctx.store.get().per} pixels a step.`);
  }

  table() {
    const { seed, per } = this.ctx.store.get();
    const rows = this.race.finished.map(({ family, film }) => {
      const { evaluations, seconds } = film.frames.at(-1).numbers;
      return [this.nameOf(family), per, seed, evaluations, seconds];
    });
    const head = [this.apart, "pixels a step", "seed", "evaluations", "seconds"];
    return rows.length ? { name: `${this.ctx.store.get().mode}-per-step`, rows: [head, ...rows] } : null;
  }
}
