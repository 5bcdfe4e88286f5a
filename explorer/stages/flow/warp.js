/** Warp: a grid, points and a density go through the layers of a flow, from noise to data and back. */

import { ByHand } from "../kit/panel/by_hand.js";
import { fill, h, setName, setText } from "../kit/base/dom.js";
import { LARGE, squareIn } from "../kit/image/pixels.js";
import { headline } from "../kit/panel/more.js";
import { dimAnswer } from "../kit/panel/parts.js";
import { createFilm } from "../kit/film/player.js";
import { createLegend } from "../kit/plane/legend.js";
import { gaussians } from "../kit/plane/random.js";
import { inSlices } from "./slices.js";
import { Weights } from "../kit/plane/weights.js";
import { dataOf, pointOf } from "./choices.js";
import { overStill, Plane } from "./plane.js";
import { paintGround } from "../kit/plane/screen.js";
import {
  axesOf,
  paintDots,
  paintGrid,
  paintPoint,
  paintShade,
  paintWay,
  shadeDensity,
  shadeVolume,
  volumesOf,
} from "./plane_paint.js";
import { readFlow, standardNormal } from "./plane_flow.js";
import { captionOf, placeName, placeWords, sumRows, warpWords } from "./warp_words.js";
import { Warped } from "./warped.js";

const NOISE = 400;
const PER_LAYER = 12; // frames of the film
const REACH = 4; // of a point in the address
/** Marks of the plane, whose grid is square where the points begin. */
const keysOf = (from) => [
  ["│", `equal ${from}₁`, (colours) => axesOf(colours)[0]],
  ["─", `equal ${from}₂`, (colours) => axesOf(colours)[1]],
  ["●", "your point", ({ you }) => you],
  ["━", "path, axis by axis", ({ you }) => you],
];
const OF_HEAT = {
  volume: [["█", "next layer grows", (colours) => volumesOf(colours)[0]], [
    "█",
    "shrinks",
    (colours) => volumesOf(colours)[1],
  ]],
  density: [["█", "density", ({ quiet }) => quiet]],
  none: [],
};

/** The flow of points of a data set, a kind and a depth. */
const createFlows = (ctx) =>
  new Weights(ctx, () => {
    const { net, curve, depth } = ctx.store.get();
    return { ...ctx.net(), key: `${net} ${curve}-${depth}`, curve, depth };
  }, (url, { curve, depth }) => readFlow(url, curve, depth));

class Warp extends ByHand {
  constructor(ctx) {
    super(ctx, "warp");
    Object.assign(this, {
      flows: createFlows(ctx),
      warped: null,
      warping: null,
      hovered: null,
      held: false,
      shades: new Map(),
      sums: new Map(), // by how many rows they have
    });
    this.stop = () => {};
    this.build();
  }

  build() {
    const { ctx } = this;
    this.plane = new Plane({
      label: "The plane at a place between data and noise.",
      size: LARGE,
      paintStill,
      paint,
      onMove: (point, { rest }) => this.move(point, rest),
      onHover: (point) => this.hover(point),
    });
    this.sum = h("div", { class: "flow-sum" });
    this.legend = createLegend(ctx);
    this.begun = h("canvas", { class: "landscape", role: "img" });
    this.begunWords = h("figcaption");
    const begun = h("figure", {}, this.begun, this.begunWords);
    const side = h("div", { class: "beside-side" }, this.sum, begun, this.legend.element);
    this.paintOrigin = overStill(
      paintStill,
      (context, { at, colours }, size) => paintPoint(context, at, size, colours),
    );
    this.showBegun = squareIn(begun, this.begun, (context, side) => this.ready && this.paintBegun(context, side));
    this.film = createFilm({
      screen: h("div", { class: "beside" }, this.plane.element, side),
      label: "The way through the layers",
      filename: "flow.gif",
      framesPerSecond: 12,
      stride: { size: PER_LAYER, name: "layer" },
      frames: 49,
      places: () => ["place"],
      onStep: (at, { rest }) => ctx.store.set({ place: this.placeOf(at) }, { commit: rest }),
      tell: (moving) => this.tell(moving),
    });
    this.open(this.film.host);
  }

  /** True if the answer to the visitor's question is there. */
  get ready() {
    return Boolean(this.warped?.ready);
  }

  get flowDepth() {
    return this.ctx.store.get().depth;
  }

  /** Number of layers between x and the state on screen. */
  get place() {
    return Math.min(this.ctx.store.get().place, this.flowDepth);
  }

  /** The place of a frame, and the frame nearest to a place. */
  placeOf(at) {
    const place = at / PER_LAYER;
    return this.ctx.store.get().way === "forward" ? place : this.flowDepth - place;
  }

  frameOf(place) {
    return Math.round(PER_LAYER * (this.ctx.store.get().way === "forward" ? place : this.flowDepth - place));
  }

  leave() {
    super.leave();
    this.hovered = null;
  }

  /** Takes the point whose state at this place is dragged. */
  move(point, rest) {
    if (!this.ready) return;
    Object.assign(this, { hovered: null, held: !rest });
    this.ctx.store.set({ x: this.undone(point) }, { commit: rest });
    if (rest) this.tell(false);
  }

  hover(point) {
    if (!this.ready || (!point && !this.hovered)) return;
    this.hovered = point && this.undone(point);
    this.ctx.refresh("hovered");
  }

  undone(point) {
    const x = this.flow.undo(Float64Array.from(point), this.place);
    return [...x].map((value) => Number(Math.max(-REACH, Math.min(REACH, value)).toFixed(4)));
  }

  update(changed) {
    this.controls.update();
    this.flow = this.flows.wanted(changed.has("mode"));
    this.warp();
    dimAnswer({ dims: [this.film.host], seen: this.seen }, !this.ready);
    if (this.ready) this.show();
  }

  /** Has the grid and the points go through the flow, where one of these changed. */
  warp() {
    const { net, curve, depth, way, seed } = this.ctx.store.get();
    const key = JSON.stringify([net, curve, depth, way, way === "back" && seed]);
    if (key !== this.warping) this.warped = null;
    if (this.warped || !this.flow) return;
    this.warping = key;
    this.stop();
    this.shades.clear();
    this.warped = new Warped(this.flow, way === "forward" ? dataOf(this.ctx) : noise(seed), way);
    this.stop = inSlices(this.warped.work(this.place), () => this.ctx.refresh("warped"));
    this.film.clear();
  }

  show() {
    if (!this.film.steps.length) this.film.setSteps(this.filmSteps());
    const frame = this.frameOf(this.place);
    if (this.film.index === frame) this.film.tellSoon();
    else this.film.follow(frame, frame);
    const scene = this.scene(this.place);
    this.plane.show(scene);
    this.ctx.show("out", this.plane.canvas);
    this.showSum();
    this.showBegun();
    const { heat, way } = this.ctx.store.get();
    const points = ["•", way === "back" ? "samples" : "test points", ({ ink }) => ink];
    this.legend.show([points, ...keysOf(way === "back" ? "z" : "x"), ...OF_HEAT[heat]]);
    this.ctx.describe(scene.words);
  }

  filmSteps() {
    return {
      length: PER_LAYER * this.flowDepth + 1,
      show: () => {}, // the plane follows the place, which the film sets
      caption: (at) => captionOf(this.placeOf(at), this.flowDepth),
      place: (at) => placeName(this.placeOf(at), this.flowDepth),
    };
  }

  /** The point in use at all its states, and what each layer does to the volume there. */
  point() {
    const x = this.hovered ?? pointOf(this.ctx);
    if (this.known?.x === x && this.known.flow === this.flow) return this.known;
    const { flow } = this;
    const { states, logDets } = flow.states(x);
    const logDet = logDets.map(([value]) => value);
    const z = states.at(-1);
    const base = standardNormal(z);
    const logP = logDet.reduce((a, b) => a + b, base);
    return (this.known = { flow, x, z, base, logDet, ends: states.map((each) => [...each]), logP });
  }

  scene(place) {
    const { ends } = this.point();
    const from = Math.min(Math.floor(place), ends.length - 2);
    const share = place - from;
    const at = ends[from].map((value, i) => value + share * (ends[from + 1][i] - value));
    const { curve, depth, way, heat } = this.ctx.store.get();
    const shades = this.shadesAt(place);
    const still = [this.warping, place, heat, shades.map(([small]) => Boolean(small)), this.ctx.theme()].join(" ");
    const words = placeWords({ place, depth, curve, way, title: this.ctx.net().title });
    return { ...this.warped.at(place), shades, still, ends, at, words, colours: this.ctx.colours() };
  }

  /** The small pictures that are seen at a place, each with its opacity: between two layers there are two densities. */
  shadesAt(place) {
    const { heat } = this.ctx.store.get();
    const from = Math.floor(place);
    const share = place - from;
    if (heat === "none") return [];
    if (heat === "volume") return [[this.shadeOf(from, heat), 1]];
    return [[this.shadeOf(from, heat), 1 - share], [this.shadeOf(from + 1, heat), share]];
  }

  shadeOf(layer, heat) {
    const values = this.warped.heats[layer]?.[heat];
    const key = `${layer} ${heat} ${this.ctx.theme()}`;
    if (values && !this.shades.has(key)) {
      const context = this.plane.canvas.getContext("2d");
      this.shades.set(key, (heat === "density" ? shadeDensity : shadeVolume)(context, values, this.ctx.colours()));
    }
    return this.shades.get(key) ?? null;
  }

  /** Origin of the points, which the plane has left behind: the noise, or the data. */
  paintBegun(context, side) {
    const back = this.ctx.store.get().way === "back";
    const place = back ? this.flowDepth : 0;
    this.paintOrigin(context, side, this.scene(place));
    const words = back ? "Began as noise z" : "Began as data x";
    setText(this.begunWords, words);
    setName(this.begun, `${words}, with your point`);
  }

  showSum() {
    const rows = sumRows(this.point(), this.place);
    if (!this.sums.has(rows.length)) this.sums.set(rows.length, headline(rows, rows.length - 2));
    const sum = this.sums.get(rows.length);
    if (this.sum.firstChild !== sum) fill(this.sum, sum);
    sum.set(rows);
  }

  tell(moving) {
    if (!this.ready || this.held || this.hovered) return;
    const { curve, depth } = this.ctx.store.get();
    const thread = this.ctx.net().threads?.[`${curve}-${depth}`] ?? "";
    const words = warpWords({ point: this.point(), place: this.place, curve, thread });
    this.seen(words, moving);
  }

  /** The way of the point, layer by layer. */
  table() {
    if (!this.ready) return null;
    const { curve, depth } = this.ctx.store.get();
    const { ends, logDet } = this.point();
    const rows = ends.map(([a, b], k) => [k, a, b, k ? logDet[k - 1] : null]);
    return {
      name: `${this.ctx.net().name}-${curve}-${depth}`,
      rows: [["layers", "h1", "h2", "log |det J| of the layer, nats"], ...rows],
    };
  }
}

function noise(seed) {
  const next = gaussians(seed);
  return Float64Array.from({ length: 2 * NOISE }, next);
}

function paintStill(context, { points, grid, shades, colours }, size) {
  paintGround(context, size, colours);
  for (const [small, opacity] of shades) if (small) paintShade(context, small, size, opacity);
  paintGrid(context, grid, size, colours);
  paintDots(context, points, size, colours.ink);
}

const paint = (context, { ends, at, colours }, size) => paintWay(context, ends, at, size, colours);

export default {
  hint: "Drag your point; play the layers",
  create: (ctx) => new Warp(ctx),
};
