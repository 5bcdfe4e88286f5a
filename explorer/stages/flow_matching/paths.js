/** Paths: the straight lines of a coupling meet; the paths of the field that learned their mean do not. */

import { h } from "../kit/shell/dom.js";
import { LARGE } from "../kit/image/pixels.js";
import { headline } from "../kit/shell/more.js";
import { createLegend } from "../kit/plane/legend.js";
import { gaussians, shuffled, uniforms } from "../kit/plane/random.js";
import { linesThrough, someLines } from "./known.js";
import { dataOf } from "./nets.js";
import { paintScene } from "./paint.js";
import { captionOf, pathRows, pathWords, planeWords } from "./paths_words.js";
import { createProbed } from "./probed.js";
import { optimalPairs } from "./transport.js";
import { heun, stateAt, straightness } from "./travel.js";
import { Travelling } from "./travelling.js";

const SIZE = 440;
const PAIRS = 24;
const STEPS = 40;
const LINES = 16;
const POINT = [0.5, 0.3];
const KEYS = [
  ["○", "noise", ({ quiet }) => quiet],
  ["●", "data", ({ quiet }) => quiet],
  ["━", "learned path", ({ classes }) => classes[3]],
  ["→", "velocity here", ({ you }) => you],
  ["→", "lines through this point", ({ quiet }) => quiet],
  ["→", "exact mean", ({ ink }) => ink],
];

class Paths extends Travelling {
  timeKey = "time";
  asks = ["net", "coupling", "seed"];
  found = null;
  hovered = null;

  constructor(ctx) {
    super(ctx, "paths");
    this.plane = createProbed(this, { size: SIZE, most: LARGE, paint: paintScene });
    this.numbers = headline(pathRows({ point: POINT }), 3);
    this.legend = createLegend(ctx);
    const side = h("div", { class: "beside-side" }, this.numbers, this.legend.element);
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
    this.travel(changed);
    this.show();
  }

  /** Draws the pairs, and has the noise follow the field. */
  travelled(nets) {
    const { coupling, seed } = this.ctx.store.get();
    if (!nets) return (this.found = null);
    const pairs = pairsOf(nets, coupling, dataOf(this.ctx), seed);
    const states = heun(nets[coupling], pairs.noise, STEPS);
    this.found = { ...pairs, states, bent: straightness(nets[coupling], states) };
  }

  captionOf(t) {
    return captionOf(t);
  }

  drawAt(canvas, t) {
    return this.plane.copy(canvas, this.scene(t));
  }

  /** What is known of the point at a time; the mean of all lines through it is known of independent pairs alone. */
  probe(t) {
    const { net, coupling, seed } = this.ctx.store.get();
    const { point } = this;
    const learned = [...this.nets.wanted()[coupling](Float32Array.from(point), t)];
    if (coupling !== "independent") return { net, learned, exact: null, lines: [], spread: null };
    const toy = this.ctx.net();
    const { v: exact, spread } = linesThrough(toy, point, t);
    const how = { count: LINES, uniform: uniforms(seed), gaussian: gaussians(seed) };
    return { net, learned, exact, spread, lines: someLines(toy, point, t, how) };
  }

  scene(t) {
    const { noise, data, states } = this.found;
    const now = noise.map((value, i) => (1 - t) * value + t * data[i]);
    return {
      pairs: { noise, data, now },
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
    if (!this.found) return;
    const { time: t, coupling } = this.ctx.store.get();
    this.legend.show(KEYS);
    if (!this.hovered) this.plane.cursor = [...this.point];
    const scene = this.scene(t);
    const words = planeWords({ title: this.ctx.net().title, t, coupling, count: PAIRS });
    this.plane.show(scene, words);
    this.ctx.show("out", this.plane.canvas);
    this.ctx.describe(words);
    this.numbers.set(pathRows(this.told(t, scene)));
    this.follow();
  }

  told(t, scene = this.scene(t)) {
    const { coupling } = this.ctx.store.get();
    const measured = this.ctx.net().figures?.[coupling];
    return { t, coupling, point: this.point, probe: scene.probe, bent: this.found.bent, measured };
  }

  tell(moving) {
    if (this.found && !this.hovered) this.seen(pathWords(this.told(this.ctx.store.get().time)), moving);
  }

  /** The pairs, and where the field took the noise. */
  table() {
    if (!this.found) return null;
    const { net, coupling } = this.ctx.store.get();
    const { noise, data, states } = this.found;
    const end = states.at(-1);
    const rows = Array.from({ length: PAIRS }, (_, i) => [noise, data, end].flatMap((x) => [x[2 * i], x[2 * i + 1]]));
    const head = ["noise x1", "noise x2", "partner x1", "partner x2", "end x1", "end x2"];
    return { name: `${net}-${coupling}`, rows: [head, ...rows] };
  }
}

/** Noise and its partners, in the manner of a coupling: of reflow, where the round before takes the noise. */
function pairsOf(nets, coupling, points, seed) {
  const noise = Float64Array.from({ length: 2 * PAIRS }, gaussians(seed));
  if (coupling.startsWith("reflow")) {
    const before = coupling === "reflow-1" ? "independent" : "reflow-1";
    return { noise, data: heun(nets[before], noise, STEPS).at(-1) };
  }
  const chosen = shuffled([...Array(points.length / 2).keys()], seed).slice(0, PAIRS);
  const data = Float64Array.from(chosen.flatMap((i) => [points[2 * i], points[2 * i + 1]]));
  if (coupling === "independent") return { noise, data };
  const order = optimalPairs(noise, data);
  return { noise, data: data.map((_, i) => data[2 * order[i >> 1] + (i % 2)]) };
}

export default {
  hint: "Move over the plane to compare mean and field",
  create: (ctx) => new Paths(ctx),
};
