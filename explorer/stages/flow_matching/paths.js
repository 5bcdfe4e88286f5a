/** Paths: the straight lines of a coupling meet; the paths of the field that learned their mean do not. */

import { h } from "../kit/base/dom.js";
import { LARGE, squareIn } from "../kit/image/pixels.js";
import { HALF } from "../kit/plane/plane_canvas.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { pair } from "../kit/base/format.js";
import { createLegend } from "../kit/plane/legend.js";
import { gaussians, uniforms } from "../kit/plane/random.js";
import { floats32 } from "../kit/plane/tensors.js";
import { linesThrough, someLines } from "./known.js";
import { createNets, dataOf } from "./nets.js";
import { paintScene, paintVelocities } from "./paint.js";
import { createProbed } from "./probed.js";
import { stateAt, statesOf } from "./travel.js";
import { Travelling } from "./travelling.js";

const LINES = 16;
const EDGE = 0.2; // between the outermost path and the edge of the plane
const POINT = [0.5, 0.3];
const inInk = ({ ink }) => ink;
const KEYS = [
  ["○", "noise", inInk],
  ["━", "learned path", inInk],
  ["●", "now", inInk],
  ["╌", "its training line", inInk],
];
const VELOCITIES = [
  ["→", "network", inInk],
  ["→", "training lines", ({ quiet }) => quiet],
  ["➔", "their mean", ({ quiet }) => quiet],
];

class Paths extends Travelling {
  timeKey = "time";
  found = null;
  hovered = null;

  constructor(ctx) {
    super(ctx, "paths");
    this.nets = createNets(ctx);
    this.plane = createProbed(this, { size: LARGE, paint: paintScene });
    this.numbers = headline(figuresOf(this.declared, { point: POINT, mean: "–" }), 0);
    [this.legend, this.arrows] = [createLegend(ctx), createLegend(ctx)];
    const canvas = h("canvas", { class: "landscape", role: "img", "aria-label": "Velocities at your point" });
    const lens = h("figure", {}, canvas, h("figcaption", {}, "At your point"));
    this.showLens = squareIn(lens, canvas, (context, width) => {
      if (this.plane.scene) paintVelocities(context, width, this.plane.scene);
    });
    this.lens = h("div", { class: "result" }, lens, this.arrows.element);
    const side = h("div", { class: "beside-side" }, this.numbers, this.legend.element, this.lens);
    this.open(this.roll({
      screen: h("div", { class: "beside" }, this.plane.element, side),
      label: "From noise to data",
      filename: "paths.gif",
    }));
  }

  get point() {
    return this.hovered ?? this.ctx.store.get().x ?? POINT;
  }

  update(changed) {
    this.controls.update();
    this.velocities = this.nets.wanted(changed.has("mode"));
    this.travel();
    if (this.ready) this.show();
  }

  travelled({ noise, data, states, bent, longer }) {
    const [from, to, ways] = [noise, data, states].map(floats32);
    const half = Math.max(HALF, EDGE + Math.max(...[...to, ...ways].map(Math.abs)));
    this.found = { noise: from, data: to, states: statesOf(ways, from.length), bent, longer, half };
    this.plane.look([0, 0], half);
  }

  get ready() {
    return Boolean(this.found && this.velocities);
  }

  captionOf(t) {
    const name = { 0: "noise", 1: "data" }[t] ?? "way";
    return sentences(this.declared, { percent: 100 * t }, name);
  }

  /** Exact values at the point at a time; the mean of all lines through it is known for independent pairs alone. */
  probe(t) {
    const { net, coupling, seed } = this.ctx.store.get();
    const { point } = this;
    const learned = [...this.velocities[coupling](Float32Array.from(point), t)];
    if (coupling !== "independent") return { net, learned, exact: null, lines: [], spread: null };
    const toy = this.ctx.net();
    const { v: exact, spread } = linesThrough(toy, point, t);
    const how = { count: LINES, uniform: uniforms(seed), gaussian: gaussians(seed) };
    return { net, learned, exact, spread, lines: someLines(toy, point, t, how) };
  }

  scene(t) {
    const { noise, data, states, half } = this.found;
    return {
      half,
      pairs: { noise, data },
      all: dataOf(this.ctx),
      states,
      now: stateAt(states, t),
      count: 1 + Math.round(t * (states.length - 1)),
      point: this.point,
      probe: this.probe(t),
      colours: this.ctx.colours(),
    };
  }

  show() {
    const { time: t, ctx: { store } } = this;
    const { coupling } = store.get();
    this.legend.show(KEYS);
    this.arrows.show(VELOCITIES);
    this.lens.hidden = coupling !== "independent";
    if (!this.hovered) this.plane.cursor = [...this.point];
    const scene = this.scene(t);
    const about = { title: this.ctx.net().title, count: this.found.noise.length / 2 };
    const words = `${sentences(this.declared, about, "plane", coupling)} ${this.captionOf(t)}`;
    this.plane.show(scene, words);
    this.showLens();
    this.ctx.show("out", this.plane.canvas);
    this.ctx.describe(words);
    this.numbers.set(figuresOf(this.declared, this.reportAt(t, scene)));
    this.follow();
  }

  reportAt(t, { probe } = this.scene(t)) {
    const { point, found: { bent, longer } } = this;
    const { exact, learned } = probe;
    const apart = exact && Math.hypot(...exact.map((value, i) => value - learned[i]));
    const measured = this.ctx.net().figures?.[this.ctx.store.get().coupling];
    return { t, point, ...probe, bent, longer, measured, apart, mean: exact ? pair(exact) : "not known" };
  }

  tell(moving) {
    if (!this.ready || this.hovered) return;
    const { coupling } = this.ctx.store.get();
    const report = this.reportAt(this.time);
    const names = [
      report.exact ? "longer" : "straighter",
      coupling,
      report.exact ? "lines" : "alone",
      "bent",
      report.measured && "measured",
    ];
    this.seen(sentences(this.declared, report, ...names), moving);
  }

  /** The pairs, and where the field took the noise. */
  table() {
    if (!this.found) return null;
    const { net, coupling } = this.ctx.store.get();
    const { noise, data, states } = this.found;
    const end = states.at(-1);
    const rows = Array.from(
      { length: noise.length / 2 },
      (_, i) => [noise, data, end].flatMap((x) => [x[2 * i], x[2 * i + 1]]),
    );
    const head = ["noise x1", "noise x2", "partner x1", "partner x2", "end x1", "end x2"];
    return { name: `${net}-${coupling}`, rows: [head, ...rows] };
  }
}

export default {
  hint: "Noise follows learned velocities to data",
  create: (ctx) => new Paths(ctx),
};
