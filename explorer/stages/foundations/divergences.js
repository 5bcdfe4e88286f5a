/** One Gaussian fitted to two modes by one of three divergences: by hand, or by gradient descent as a film. */

import { under } from "../kit/chart/chart.js";
import { h } from "../kit/base/dom.js";
import { listed } from "../kit/base/format.js";
import { segmented } from "../kit/panel/parts.js";
import { createFilm } from "../kit/film/player.js";
import { descend, divergences, isNear, logMixture, massBetween, minima, tableOf } from "./divergence_of.js";
import { curve, labelled } from "./figure.js";
import { Mode } from "./mode.js";
import { normal, places } from "./normal.js";

const RANGE = [-8, 8];
const XS = places(...RANGE, 401);
const DESCENT = ["gap", "m", "s", "goal", "step"];
const BEYOND = 40; // where nothing of p and q is left

const NAMES = { forward: "KL(p ‖ q)", reverse: "KL(q ‖ p)", js: "Jensen–Shannon" };

class Divergences extends Mode {
  build() {
    const { ctx } = this;
    this.most = ctx.fields.step.high;
    const gap = this.grip("gap", { step: 0.1, still: true });
    this.density = this.figure("The two modes and the Gaussian", 320, [gap, "m", "s"], (key, value) =>
      this.anew({
        [key]: value,
      }));
    this.trace = this.figure("The divergence on the way", 150);
    this.film = createFilm({
      screen: h("div", {}, this.density.element, this.trace.element),
      label: "Gradient descent",
      filename: "descent.gif",
      framesPerSecond: 12,
      frames: 40,
      places: () => ["step"],
      onStep: (step, { rest }) => this.set({ step }, rest),
    });
    this.goal = segmented("Divergence", Object.entries(NAMES), (goal) => this.set(this.anew({ goal })));
    this.show([this.film.host], this.goal);
  }

  /** The descent plays once by itself, unless the address says where it stands; where motion is unwanted it is over. */
  enter() {
    const { store, fields } = this.ctx;
    this.film.pause();
    const state = store.get();
    this.opens = state.mode === this.name && DESCENT.every((key) => state[key] === fields[key].initial);
  }

  /** Begins the film once the state that opens it is drawn, as its steps change the state. */
  begin() {
    if (this.ctx.prefersReducedMotion()) this.film.go(this.path.length - 1, { playing: true });
    else this.film.toggle();
  }

  /** Starts the descent again from the current q. */
  anew(patch) {
    const { m, s } = this.now;
    const bounded = (key, value) => Math.max(this.ctx.fields[key].low, Math.min(this.ctx.fields[key].high, value));
    return { m: Number(bounded("m", m).toFixed(4)), s: Number(bounded("s", s).toFixed(4)), ...patch, step: 0 };
  }

  /** q at the step of the descent that is shown; before the first, where it is put, which may be newer than the path. */
  get now() {
    const { m, s, step } = this.ctx.store.get();
    return step ? this.path[Math.min(step, this.path.length - 1)] : { m, s };
  }

  find(state) {
    const { gap, m, s, goal, step } = state;
    const held = this.moving && !step; // by a pointer; a film that plays moves, too, and changes no q
    const key = JSON.stringify([gap, m, s, goal]);
    if (key !== this.descended || (this.held && !held)) this.descend(state, key, held);
    return this.foundAt(Math.min(step, this.path.length - 1), state);
  }

  /** Gaussian, divergences and masses at a step of the descent. */
  foundAt(at, { gap, goal }) {
    const q = this.path[at];
    return {
      ...{ gap, q, goal, at },
      all: divergences(this.p, q),
      between: gap > 2 ? massBetween(this.p, q, [-gap / 4, gap / 4]) : null,
      right: massBetween(this.p, q, [0, BEYOND]),
    };
  }

  namesOf({ at, between, goal }) {
    const { path, ends, most, found } = this;
    const [end, others] = [path.length - 1, (ends ?? []).filter((other) => !isNear(other, path[at]))];
    const placed = (place) => this.said("place", place);
    Object.assign(found, { place: placed(path[at]), others: listed(others.map(placed), "or at") });
    const where = !end ? "still" : !at ? "start" : at < end || end === most ? "underway" : "ended";
    const elsewhere = others.length ? "others" : goal === "forward" && "moments";
    return [goal, between && "between", where, at === end && elsewhere];
  }

  draw(found, { goal }) {
    this.goal.set(goal);
    const { at } = found;
    if (this.film.index !== at) this.film.follow(at, at);
    this.showDensity(found);
    this.showTrace(found);
    if (this.opens) setTimeout(() => this.begin());
    this.opens = false;
  }

  /** Computes the descent from q; it has no steps while q is dragged. */
  descend({ gap, m, s, goal }, key, held) {
    Object.assign(this, { descended: key, held });
    this.p = tableOf(gap);
    this.path = descend(this.p, { m, s }, goal, held ? 0 : this.most);
    if (!held) this.ends = this.endsOf(gap, goal);
    this.film.setSteps({
      length: this.path.length,
      show: () => {}, // the figures follow the step, which the film sets
      caption: (at) => this.said("caption", { at, goal: NAMES[goal], ...this.path[at] }),
    });
  }

  /** Possible ends of the descents, whatever q is now. */
  endsOf(gap, goal) {
    const key = `${gap} ${goal}`;
    if (this.ended?.key !== key) this.ended = { key, ends: minima(this.p, gap, goal) };
    return this.ended.ends;
  }

  showDensity({ gap, q: { m, s } }) {
    const [p, q] = [(x) => Math.exp(logMixture(x, gap)), (x) => normal(x, m, s)];
    const [before, after] = [p, q].map((of) => curve(XS, of));
    const ys = [0, Math.max(0.4, 1.12 * Math.max(q(m), ...before.map(([, y]) => y)))];
    this.density.show({
      ...{ xs: RANGE, ys, name: "density, by x" },
      areas: [{ points: under(before), colour: "ink", alpha: 0.08 }, { points: under(after), colour: "you" }],
      lines: [{ ...labelled(before, "p", -gap / 2), colour: "ink" }, {
        ...labelled(after, "q: drag it", m - s),
        colour: "you",
      }],
      grips: {
        gap: { at: [gap / 2, p(gap / 2)], value: gap, of: (x) => 2 * x },
        m: { at: [m, q(m)], value: m },
        s: { at: [m + s, q(m + s)], value: s, of: (x) => x - m },
      },
    });
  }

  showTrace({ at, goal }) {
    const points = this.path.slice(0, at + 1).map(({ value }, i) => [i, value]);
    const [xs, ys] = [[0, Math.max(10, this.path.length - 1)], [0, Math.max(0.1, 1.1 * this.path[0].value)]];
    this.trace.show({
      ...{ xs, ys, name: `${NAMES[goal]} at each step, in nats` },
      lines: [{ points, colour: "ink" }],
      dot: points[at],
    });
  }

  table() {
    const rows = this.path.map(({ m, s, value }, step) => [step, m, s, value]);
    return { name: "descent", rows: [["step", "m", "s", `${NAMES[this.ctx.store.get().goal]}, nats`], ...rows] };
  }
}

export default {
  hint: "Drag the Gaussian or a mode, or play the descent",
  create: (ctx) => new Divergences(ctx, "divergences"),
};
