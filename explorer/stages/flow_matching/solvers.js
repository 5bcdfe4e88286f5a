/** Solvers: one noise, taken to data by Euler's method, Heun's and an adaptive one, in few steps and in many. */

import { bySpace } from "../questions/by_space.js";
import { isSame, OfSettings } from "../questions/settings.js";

/** The row from which the others are measured: its error is far below theirs. */
const REFERENCE = { solver: "heun", steps: 20 };
const WHITE = 255;
const TITLES = { euler: "Euler", heun: "Heun" };
const setting = (solver) => (steps) => ({
  title: `${TITLES[solver]}, ${steps} ${steps === 1 ? "step" : "steps"}`,
  solver,
  steps,
});
const USUAL = [
  ...[1, 2, 5, 10, 50].map(setting("euler")),
  ...[5, REFERENCE.steps].map(setting("heun")),
  { title: "Adaptive", solver: "adaptive", steps: 10 },
];

/** The usual rows, and the one that is chosen unless it is one of them. */
export const settingsOf = ({ solver, steps }) =>
  USUAL.some((one) => isSame({ solver, steps }, one)) ? USUAL : [...USUAL, setting(solver)(steps)];

/** The root mean square difference of two rows: of pixels from 0 to 1, or of coordinates. */
function away(a, b, ofPoints) {
  const sum = a.reduce((found, value, i) => found + (value - b[i]) ** 2, 0);
  return Math.sqrt(sum / a.length) / (ofPoints ? 1 : WHITE);
}

class Solvers extends OfSettings {
  constructor(ctx) {
    super(ctx, {
      settings: () => settingsOf(ctx.store.get()),
      kept: ["solver", "steps"],
      away: `RMS distance to ${REFERENCE.steps} steps of Heun`,
    });
  }

  update(changed) {
    super.update(changed);
    const { solver, steps } = this.ctx.store.get();
    for (const { family, element } of this.race.columns) {
      element.setAttribute("aria-current", String(isSame({ solver, steps }, family.settings)));
    }
  }

  /** @param {Column} column */
  costOf({ settings }) {
    return settings.steps;
  }

  referenceOf() {
    return REFERENCE;
  }

  distanceOf(x, reference) {
    return away(x, reference, this.ctx.net().points);
  }

  /** Figures of the selected row. */
  leads() {
    const { solver, steps } = this.ctx.store.get();
    const { title, ...asked } = settingsOf({ solver, steps }).find((one) => isSame({ solver, steps }, one));
    const found = { title, ...this.found(asked) };
    return this.figures(found, this.ctx.net().points ? "points" : "images");
  }

  tell(moving) {
    this.seen(this.race.wordsOf(() => this.words()), moving);
  }

  /** Once the rows are there that the sentences are about. */
  words() {
    const rows = { one: ["euler", 1], euler: ["euler", 10], heun: ["heun", 5], adaptive: ["adaptive", 10] };
    /** @type {[string, ReturnType<OfSettings["found"]>][]} */
    const found = Object.entries(rows).map(([name, [solver, steps]]) => [name, this.found({ solver, steps })]);
    if (found.some(([, row]) => !row) || found[0][1].distance === null) return "";
    const unit = this.say({}, this.ctx.net().points ? "points" : "images");
    return this.say({ ...Object.fromEntries(found), unit }, "words");
  }
}

export default bySpace((ctx) => new Solvers(ctx));
