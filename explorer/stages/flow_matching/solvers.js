/** Solvers: one noise, taken to data by Euler's method, Heun's and an adaptive one, in few steps and in many. */

import { createControls } from "../kit/shell/controls.js";
import { num } from "../kit/shell/format.js";
import { bySpace } from "../questions/by_space.js";
import { drawerOf } from "../questions/drawers.js";
import { Drawn, withSettings } from "../questions/drawn.js";
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
const ROWS = ["evaluations", "seconds here", "away (RMS)"];

const isSame = (a, b) => a.solver === b.solver && a.steps === b.steps;

/** The usual rows, and the one that is chosen unless it is one of them. */
export const settingsOf = (chosen) =>
  USUAL.some((one) => isSame(one, chosen)) ? USUAL : [...USUAL, setting(chosen.solver)(chosen.steps)];

class Solvers extends Drawn {
  constructor(ctx) {
    super(withSettings(ctx, () => settingsOf(ctx.store.get())), {
      name: "solve",
      doing: "draws",
      label: "Solvers on one clock",
      others: drawerOf(ctx).others,
      labelled: ctx.net().classes.length > 0,
      rows: ROWS,
      above: ({ clock }) => [clock, createControls(ctx, ctx.value().panels.solvers)],
      below: ({ all }) => [{ element: all }],
      asks: ["w", "solver", "steps"],
    });
  }

  update(changed) {
    super.update(changed);
    const chosen = this.ctx.store.get();
    for (const { family, element } of this.race.columns) {
      element.setAttribute("aria-current", String(isSame(family.settings ?? {}, chosen)));
    }
  }

  requestOf(column) {
    const { label, w } = this.ctx.store.get();
    return { ...super.requestOf(column), w: label === null || !column.can.label ? 1 : w };
  }

  costOf({ settings }) {
    return settings.steps;
  }

  /** The end of a row, if it is there. */
  endOf(solver, steps) {
    return this.race.finished.find(({ family: { settings } }) => isSame(settings, { solver, steps })) ?? null;
  }

  distanceOf({ x }) {
    const reference = this.endOf(REFERENCE.solver, REFERENCE.steps);
    return reference ? away(x, reference.x, this.ctx.net().points) : null;
  }

  figuresOf({ family: { settings = {} }, film, frame }) {
    const numbers = frame?.numbers;
    const isReference = isSame(settings, REFERENCE);
    const distance = film?.done ? this.distanceOf({ x: film.frames.at(-1).x }) : null;
    return [
      [ROWS[0], numbers ? String(numbers.evaluations) : "–"],
      [ROWS[1], num(numbers?.seconds)],
      [ROWS[2], isReference ? "reference" : num(distance, 3)],
    ];
  }

  tell(moving) {
    const found = (solver, steps) => {
      const end = this.endOf(solver, steps);
      return end && { evaluations: end.film.frames.at(-1).numbers.evaluations, distance: this.distanceOf(end) };
    };
    this.seen(this.race.wordsOf(() => solverWords(found, Boolean(this.ctx.net().points))), moving);
  }

  picture() {
    return this.race.picture(`Seed ${this.ctx.store.get().seed}.`);
  }

  table() {
    const rows = this.race.finished.map(({ family: { settings }, film, x }) => {
      const { evaluations, seconds } = film.frames.at(-1).numbers;
      return [settings.solver, settings.steps, evaluations, seconds, this.distanceOf({ x })];
    });
    if (!rows.length) return null;
    const head = ["solver", "steps", "evaluations", "seconds", `RMS distance to ${REFERENCE.steps} steps of Heun`];
    return { name: `${this.ctx.net().name}-solvers`, rows: [head, ...rows] };
  }
}

export default {
  hint: "The same noise and field, different solvers",
  create: bySpace((ctx) => new Solvers(ctx)),
};
