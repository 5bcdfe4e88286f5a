/** Images of one seed in several columns, with equally many pixels a step: orders of one chain, or two chains. */

import { h, setText } from "../kit/base/dom.js";
import { listed, num } from "../kit/base/format.js";
import { takeNet } from "../kit/panel/take_net.js";
import { PIXELS } from "../kit/image/pixels.js";
import { Drawn, withColumns, withSettings } from "../questions/drawn.js";
import { headOf } from "../questions/head.js";

/**
 * By how many pixels images of other columns differ from those of the first one, on average, in words.
 * @param {import("../questions/race.js").Race["finished"]} columns
 */
function apart([first, ...others]) {
  const far = ({ x }) => x.reduce((sum, byte, i) => sum + Number(byte !== first.x[i]), 0) / (x.length / PIXELS);
  return listed(others.map((each) => `${each.family.title} in ${num(far(each), 0)}`));
}

/**
 * The columns are `orders` of the panel's settings, or else the tab's networks; `said` has the sentences for each
 * `per`.
 */
class PerStep extends Drawn {
  /** @param {Ctx} ctx */
  constructor(ctx) {
    const { said, settings } = ctx.value().steps[ctx.id];
    const note = h("p", { class: "note with-words" });
    const networks = () => Object.values(ctx.value().nets).map(({ column }) => column);
    super(settings ? withSettings(ctx, settings) : withColumns(ctx, networks), {
      leading: (rows) => rows.length && this.report.numbers.length ? this.report.numbers : headOf(rows),
      above: () => [{ element: note }],
      below: ({ queue }) => [queue],
    });
    /** @type {HTMLElement} */
    this.noted;
    /** @type {Record<string, {note: string, words: string, numbers: FigureRow[]}>} */
    this.reports;
    /** @type {Record<string, any>[] | null} */
    this.settings;
    Object.assign(this, { noted: note, reports: said, settings });
  }

  enter() {
    if (this.settings) takeNet(this.ctx, this.declared.nets);
  }

  figuresOf({ film, frame }) {
    const { evaluations } = frame?.numbers ?? {};
    return this.figures({ evaluations: evaluations?.toLocaleString("en") ?? (film ? "drawing…" : "–") });
  }

  /** Sentences about this number of pixels a step. */
  get report() {
    return this.reports[this.ctx.store.get().per];
  }

  update(changed) {
    setText(this.noted, this.report.note);
    super.update(changed);
  }

  tell(moving) {
    const { words } = this.report;
    this.seen(this.race.wordsOf(() => words.replace("{apart}", apart(this.race.finished))), moving);
  }

  table() {
    const { mode, seed, per } = this.ctx.store.get();
    const rows = this.race.finished.map(({ family, film }) => {
      const { evaluations, seconds } = film.frames.at(-1).numbers;
      return [family.settings?.order ?? family.net, per, seed, evaluations, seconds];
    });
    const head = [this.settings ? "order" : "network", "pixels a step", "seed", "evaluations", "seconds"];
    return rows.length ? { name: `${mode}-per-step`, rows: [head, ...rows] } : null;
  }
}

export default {
  create: (ctx) => new PerStep(ctx),
};
