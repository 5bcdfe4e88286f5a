/** One Gaussian fitted to two modes by one of three divergences: by hand, or by gradient descent as a film. */

import { fill, h } from "../kit/shell/dom.js";
import { headline } from "../kit/shell/more.js";
import { segmented } from "../kit/shell/parts.js";
import { createFilm } from "../kit/film/player.js";
import { descend, divergences, logMixture, massBetween, minima, tableOf } from "./divergence_of.js";
import { captionOf, divergenceRows, divergenceWords, NAMES } from "./divergence_words.js";
import { curve, Figure, under } from "./figure.js";
import { keys, Mode } from "./mode.js";
import { normal, places } from "./normal.js";

const RANGE = [-8, 8];
const XS = places(...RANGE, 401);
const DESCENT = ["gap", "m", "s", "goal", "step"];
const BEYOND = 40; // where nothing of p and q is left

class Divergences extends Mode {
  build() {
    const { ctx } = this;
    this.most = ctx.fields.step.high;
    this.density = new Figure(ctx, {
      label: "The two modes and the Gaussian",
      height: 270,
      grips: [
        { ...this.grip("gap", "the distance between the modes", "x", 0.1), still: true },
        this.grip("m", "the mean of q", "x", 0.05),
        this.grip("s", "the width of q", "x", 0.05),
      ],
      onGrip: (key, value, { rest }) => this.drag({ [key]: value }, rest),
    });
    this.trace = new Figure(ctx, { label: "The divergence on the way", height: 130 });
    this.figures = [this.density, this.trace];
    this.film = createFilm({
      screen: h("div", {}, this.density.element, keys(["ink", "p"], ["you", "q: drag it"]), this.trace.element),
      label: "Gradient descent",
      filename: "descent.gif",
      framesPerSecond: 12,
      frames: 40,
      onStep: (step, { rest }) => this.set({ step }, rest),
    });
    fill(ctx.main, this.film.host);
    this.goal = segmented("Divergence", Object.entries(NAMES), (goal) => this.drag({ goal }, true));
    this.rows = headline(divergenceRows(null), 0);
    this.panel(this.goal, this.rows);
  }

  /** The descent plays once by itself, unless the address says where it stands or motion is unwanted. */
  enter() {
    const { store, fields, prefersReducedMotion } = this.ctx;
    this.film.pause();
    const state = store.get();
    const isFresh = state.mode === this.name && DESCENT.every((key) => state[key] === fields[key].initial);
    this.opens = isFresh && !prefersReducedMotion();
  }

  leave() {
    this.film.pause();
  }

  key(event) {
    this.film.key(event);
    return event.defaultPrevented;
  }

  /** A descent begins anew, from where q stands now. */
  drag(patch, rest) {
    const { m, s } = this.now;
    const bounded = (key, value) => Math.max(this.ctx.fields[key].low, Math.min(this.ctx.fields[key].high, value));
    const from = { m: Number(bounded("m", m).toFixed(4)), s: Number(bounded("s", s).toFixed(4)) };
    this.set({ ...from, ...patch, step: 0 }, rest);
  }

  /** q at the step of the descent that is shown; before the first, where it is put, which may be newer than the path. */
  get now() {
    const { m, s, step } = this.ctx.store.get();
    return step ? this.path[Math.min(step, this.path.length - 1)] : { m, s };
  }

  show(state) {
    const { gap, m, s, goal, step } = state;
    this.goal.set(goal);
    const key = JSON.stringify([gap, m, s, goal, this.moving && !step]);
    if (key !== this.descended) this.descend(state, key);
    const at = Math.min(step, this.path.length - 1);
    if (this.film.index !== at) this.film.follow(at, at);
    this.showStep(at);
    if (this.opens) this.film.toggle();
    this.opens = false;
  }

  /** The way down from q; while q is dragged there is none yet. */
  descend({ gap, m, s, goal }, key) {
    this.descended = key;
    this.p = tableOf(gap);
    this.path = descend(this.p, { m, s }, goal, this.moving ? 0 : this.most);
    if (!this.moving) this.ends = this.endsOf(gap, goal);
    this.film.setSteps({
      length: this.path.length,
      show: () => {}, // the figures follow the step, which the film sets
      draw: (canvas, at) => this.copy(canvas, at),
      caption: (at) => captionOf(this.path, at, goal),
    });
  }

  /** Where descents can end, whatever q is now. */
  endsOf(gap, goal) {
    const key = `${gap} ${goal}`;
    if (this.ended?.key !== key) this.ended = { key, ends: minima(this.p, gap, goal) };
    return this.ended.ends;
  }

  showStep(at) {
    const { gap, goal } = this.ctx.store.get();
    const q = this.path[at];
    const found = {
      ...{ gap, q, goal, at, path: this.path, ends: this.ends, most: this.most },
      all: divergences(this.p, q),
      between: gap > 2 ? massBetween(this.p, q, [-gap / 4, gap / 4]) : null,
      right: massBetween(this.p, q, [0, BEYOND]),
    };
    const words = divergenceWords(found);
    this.rows.set(divergenceRows(found));
    this.showDensity(found, words);
    this.showTrace(at, goal, words);
    this.tell(words);
  }

  showDensity({ gap, q: { m, s } }, words) {
    const [p, q] = [(x) => Math.exp(logMixture(x, gap)), (x) => normal(x, m, s)];
    const [before, after] = [p, q].map((of) => curve(XS, of));
    const ys = [0, Math.max(0.4, 1.12 * Math.max(q(m), ...before.map(([, y]) => y)))];
    this.density.show({
      ...{ xs: RANGE, ys, words, name: "density of x" },
      areas: [{ points: under(before), colour: "ink", alpha: 0.08 }, { points: under(after), colour: "you" }],
      lines: [{ points: before, colour: "ink" }, { points: after, colour: "you" }],
      grips: {
        gap: { at: [gap / 2, p(gap / 2)], value: gap, of: (x) => 2 * x },
        m: { at: [m, q(m)], value: m },
        s: { at: [m + s, q(m + s)], value: s, of: (x) => x - m },
      },
    });
  }

  showTrace(at, goal, words) {
    const points = this.path.slice(0, at + 1).map(({ value }, i) => [i, value]);
    const [xs, ys] = [[0, Math.max(10, this.path.length - 1)], [0, Math.max(0.1, 1.1 * this.path[0].value)]];
    this.trace.show({
      ...{ xs, ys, words, name: `${NAMES[goal]} at each step, in nats` },
      lines: [{ points, colour: "ink" }],
      dot: points[at],
    });
  }

  /** A step of the film on a canvas of its own. */
  copy(canvas, at) {
    this.showStep(at);
    const { width, height } = this.density.canvas;
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(this.density.canvas, 0, 0);
    this.ctx.refresh("copied"); // the figures come back to the step that is chosen
  }

  table() {
    const rows = this.path.map(({ m, s, value }, step) => [step, m, s, value]);
    return { name: "descent", rows: [["step", "m", "s", this.ctx.store.get().goal], ...rows] };
  }
}

export default {
  hint: "Drag the Gaussian or a mode, or play the descent",
  create: (ctx) => new Divergences(ctx, "divergences"),
};
