/** Solvers: one noise, taken to data by Euler's method, Heun's and an adaptive one, in few steps and in many. */

import { whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { bySpace } from "../questions/by_space.js";
import { figuresIn, sayOf } from "../questions/drawn.js";
import { isSame, rowsOf } from "../questions/settings.js";

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

/** The usual rows, and the one that is chosen unless it is one of them. @param {State} state */
export const settingsOf = ({ solver, steps }) =>
  USUAL.some((one) => isSame({ solver, steps }, one)) ? USUAL : [...USUAL, setting(solver)(steps)];

/** The root mean square difference of two rows: of pixels from 0 to 1, or of coordinates. */
function away(a, b, ofPoints) {
  const sum = a.reduce((found, value, i) => found + (value - b[i]) ** 2, 0);
  return Math.sqrt(sum / a.length) / (ofPoints ? 1 : WHITE);
}

/** @param {import("../kit/panel/mode.js").Self} self */
function solvers(self) {
  const { ctx, state } = self;
  const [say, figures] = [sayOf(self), figuresIn(self)];
  const space = () => (ctx.net().points ? "points" : "images");
  const { found, figuresOf, table, race, play } = rowsOf(self, {
    settings: () => settingsOf(state),
    kept: ["solver", "steps"],
    away: `RMS distance to ${REFERENCE.steps} steps of Heun`,
    costOf: ({ settings }) => settings.steps,
    referenceOf: () => REFERENCE,
    distanceOf: (x, reference) => away(x, reference, ctx.net().points),
  });
  const chosen = () => ({ solver: state.solver, steps: state.steps });

  /** Figures of the selected row. */
  function leads() {
    const { title, ...asked } = settingsOf(state).find((one) => isSame(chosen(), one));
    return figures({ title, ...found(asked) }, space());
  }

  /** Sentences once the rows are there that they are about. */
  function words() {
    const wanted = { one: ["euler", 1], euler: ["euler", 10], heun: ["heun", 5], adaptive: ["adaptive", 10] };
    /** @type {[string, ReturnType<typeof found>][]} */
    const all = Object.entries(wanted).map(([name, [solver, steps]]) => [name, found({ solver, steps })]);
    if (all.some(([, row]) => !row) || all[0][1].distance === null) return "";
    return say({ ...Object.fromEntries(all), unit: say({}, space()) }, "words");
  }

  /** Which of the two fixed solvers ends nearer with as many evaluations. */
  function finding() {
    const [euler, heun] = [found({ solver: "euler", steps: 10 }), found({ solver: "heun", steps: 5 })];
    if (!Number.isFinite(euler?.distance) || !Number.isFinite(heun?.distance)) return "";
    const names = { 1: "heun nearer", 0: "alike", [-1]: "euler nearer" };
    return say({ heun }, names[Math.sign(euler.distance - heun.distance)]);
  }

  const { looks, mode } = play({
    ...{ figuresOf, finding },
    frames: Infinity,
    leading: (rows) => (rows.length ? leads() : []),
    words: computed(() => race.wordsOf(words)),
  });
  whenever(() => {
    for (const [{ settings }, { element }] of looks.value) {
      element.setAttribute("aria-current", String(isSame(chosen(), settings)));
    }
  });
  return { ...mode, found, table };
}

export default bySpace(solvers);
