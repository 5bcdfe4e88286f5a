/** One Gaussian fitted to two modes by one of three divergences: by hand, or by gradient descent as a film. */

import { h } from "../kit/base/dom.js";
import { listed } from "../kit/base/format.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { under } from "../kit/chart/chart.js";
import { filmOf } from "../kit/film/film.js";
import { mode } from "../kit/panel/mode.js";
import { segmented } from "../kit/panel/parts.js";
import { descend, divergences, isNear, logMixture, massBetween, minima, tableOf } from "./divergence_of.js";
import { dragged, said } from "../kit/panel/dragged.js";
import { curve, labelled } from "../kit/chart/figure.js";
import { normal, places } from "./normal.js";

const RANGE = [-8, 8];
const XS = places(...RANGE, 401);
const DESCENT = ["gap", "m", "s", "goal", "step"];
const BEYOND = 40; // where nothing of p and q is left

const NAMES = { forward: "KL(p ‖ q)", reverse: "KL(q ‖ p)", js: "Jensen–Shannon" };

/** The two modes and the Gaussian q. */
function densityOf({ gap, q: { m, s } }) {
  const [p, q] = [(x) => Math.exp(logMixture(x, gap)), (x) => normal(x, m, s)];
  const [before, after] = [p, q].map((of) => curve(XS, of));
  const ys = [0, Math.max(0.4, 1.12 * Math.max(q(m), ...before.map(([, y]) => y)))];
  return {
    ...{ xs: RANGE, ys, name: "density, by x" },
    areas: [{ points: under(before), colour: "ink", alpha: 0.08 }, { points: under(after), colour: "you" }],
    lines: [
      { ...labelled(before, "p", -gap / 2), colour: "ink" },
      { ...labelled(after, "q: drag it", m - s), colour: "you" },
    ],
    grips: {
      gap: { at: [gap / 2, p(gap / 2)], value: gap, of: (x) => 2 * x },
      m: { at: [m, q(m)], value: m },
      s: { at: [m + s, q(m + s)], value: s, of: (x) => x - m },
    },
  };
}

/** The divergence on the way so far. */
function traceOf(path, { at, goal }) {
  const points = path.slice(0, at + 1).map(({ value }, i) => [i, value]);
  const [xs, ys] = [[0, Math.max(10, path.length - 1)], [0, Math.max(0.1, 1.1 * path[0].value)]];
  return {
    ...{ xs, ys, name: `${NAMES[goal]} at each step, in nats` },
    lines: [{ points, colour: "ink" }],
    dot: points[at],
  };
}

/** The descent from q, which has no steps while q is dragged (`held()`), and its possible ends, whatever q is. */
function descentOf({ ctx, state }, held) {
  const most = ctx.fields.step.high;
  const p = computed(() => tableOf(state.gap));
  const path = computed(() => descend(p.value, { m: state.m, s: state.s }, state.goal, held() ? 0 : most));
  const ends = signal([]);
  let of = "";
  whenever(() => {
    const { gap, goal } = state;
    if (held() || of === `${gap} ${goal}`) return;
    of = `${gap} ${goal}`;
    ends.value = minima(p.value, gap, goal);
  });
  return { most, p, path, ends };
}

function divergencesMode(self) {
  const { id, ctx, state } = self;
  const { found, words, held, set, grip, figure, show } = dragged(self, { find, namesOf });
  const { most, p, path, ends } = descentOf(self, () => held.value && !state.step);

  /** Gaussian, divergences and masses at the step of the descent that is shown. */
  function find({ gap, goal, step }) {
    const at = Math.min(step, path.value.length - 1);
    const q = path.value[at];
    const others = ends.value.filter((other) => !isNear(other, q));
    return {
      ...{ gap, q, goal, at },
      all: divergences(p.value, q),
      between: gap > 2 ? massBetween(p.value, q, [-gap / 4, gap / 4]) : null,
      right: massBetween(p.value, q, [0, BEYOND]),
      place: said(self, "place", q),
      others: listed(others.map((other) => said(self, "place", other)), "or at"),
    };
  }
  function namesOf({ at, between, goal, others }) {
    const end = path.value.length - 1;
    const where = !end ? "still" : !at ? "start" : at < end || end === most ? "underway" : "ended";
    const elsewhere = others ? "others" : goal === "forward" && "moments";
    return [goal, between && "between", where, at === end && elsewhere];
  }

  /** Starts the descent again from the current q; before the first step, this is where q is put. */
  function anew(patch) {
    const { m, s } = state.step ? found.value.q : state;
    const bounded = (key, value) => Math.max(ctx.fields[key].low, Math.min(ctx.fields[key].high, value));
    return { m: Number(bounded("m", m).toFixed(4)), s: Number(bounded("s", s).toFixed(4)), ...patch, step: 0 };
  }
  const density = figure("The two modes and the Gaussian", 320, densityOf, {
    grips: [grip("gap", { step: 0.1, still: true }), "m", "s"],
    patchOf: (key, value) => anew({ [key]: value }),
  });
  const trace = figure("The divergence on the way", 150, (found) => traceOf(path.value, found));
  const film = filmOf(self, {
    ...{ words, key: "step" },
    what: () => {
      const [steps, { goal }] = [path.value, state];
      const caption = (at) => said(self, "caption", { at, goal: NAMES[goal], ...steps[at] });
      return { of: steps, length: steps.length, caption };
    },
    place: () => ({ plays: () => false, indexOf: (step, { length }) => Math.min(step, length - 1) }),
    options: {
      screen: h("div", {}, density.element, trace.element),
      label: "Gradient descent",
      filename: "descent.gif",
      framesPerSecond: 12,
      frames: 40,
      onStep: (step, { rest }) => set({ step }, rest),
      tell: () => {}, // the figures say it
    },
  });
  const goal = segmented("Divergence", Object.entries(NAMES), (goal) => set(anew({ goal })));
  whenever(() => goal.set(state.goal));

  /** Begins the film once the state that opens it is drawn, as its steps change the state. */
  function begin() {
    if (ctx.prefersReducedMotion()) film.go(path.value.length - 1, { playing: true });
    else film.toggle();
  }
  return show([film.host], {
    below: [goal],
    path,
    /** The descent plays once by itself, unless the address says where it stands; where motion is unwanted it is over. */
    enter() {
      film.pause();
      const opens = state.mode === id && DESCENT.every((key) => state[key] === ctx.fields[key].initial);
      if (opens) setTimeout(begin);
    },
    table() {
      const rows = path.value.map(({ m, s, value }, step) => [step, m, s, value]);
      return { name: "descent", rows: [["step", "m", "s", `${NAMES[state.goal]}, nats`], ...rows] };
    },
  });
}

export default mode(divergencesMode, { hint: "Drag the Gaussian or a mode, or play the descent" });
