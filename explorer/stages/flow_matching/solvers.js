/** Solvers: one noise, taken to data by Euler's method, Heun's and an adaptive one, in few steps and in many. */

import { bySpace } from "../questions/by_space.js";
import { isSame, OfSettings } from "../questions/settings.js";
import { away, REFERENCE, solverWords } from "./solver_words.js";

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

class Solvers extends OfSettings {
  constructor(ctx) {
    super(ctx, {
      name: "solve",
      label: "Solvers on one clock",
      declared: "solvers",
      settings: () => settingsOf(ctx.store.get()),
      names: ["evaluations", "seconds here", "away (RMS)"],
      kept: ["solver", "steps"],
      away: `RMS distance to ${REFERENCE.steps} steps of Heun`,
      above: ({ clock }) => [clock],
      below: ({ all }) => [{ element: all }],
    });
  }

  update(changed) {
    super.update(changed);
    const { solver, steps } = this.ctx.store.get();
    for (const { family, element } of this.race.columns) {
      element.setAttribute("aria-current", String(isSame({ solver, steps }, family.settings)));
    }
  }

  costOf({ settings }) {
    return settings.steps;
  }

  referenceOf() {
    return REFERENCE;
  }

  distanceOf(x, reference) {
    return away(x, reference, this.ctx.net().points);
  }

  tell(moving) {
    const found = (solver, steps) => this.found({ solver, steps });
    this.seen(this.race.wordsOf(() => solverWords(found, Boolean(this.ctx.net().points))), moving);
  }
}

export default {
  hint: "The same noise and field, different solvers",
  create: bySpace((ctx) => new Solvers(ctx)),
};
