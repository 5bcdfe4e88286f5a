/** Fréchet by hand: two sets in a plane, of which one is dragged; both terms of their distance, and what it cannot see. */

import { contextOf } from "../kit/image/pixels.js";
import { fill, h, placeIn, setName } from "../kit/base/dom.js";
import { Finger, onFirst } from "../kit/base/finger.js";
import { num } from "../kit/base/format.js";
import { headline } from "../kit/panel/more.js";
import { createLegend } from "../kit/plane/legend.js";
import { createSeen, fillPanel, keySegments } from "../kit/panel/parts.js";
import { keySlider } from "../kit/panel/slider.js";
import { createTries } from "../kit/lesson/tries.js";
import { covarianceOf, frechetTerms, kernelDistance, placed, standardPoints } from "./frechet_of.js";

const HALF = 5; // how far the plane reaches from its middle
const STILL = { mean: [0, 0], wide: 1.6, narrow: 0.7, turn: 0 }; // the set that is not dragged
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const KEYS = [["●", "fixed set", ({ ink }) => ink], ["●", "your set: drag it", ({ you }) => you]];
const SHAPES = [["gaussian", "Gaussian"], ["ring", "ring"], ["two", "two"], ["uneven", "uneven"]];

class Gaussians {
  constructor(ctx) {
    this.ctx = ctx;
    this.canvas = h("canvas", { class: "lab-plane", role: "application", tabindex: 0 });
    this.frame = h("div", { class: "lab-plane-frame" }, this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.frame);
    this.listen();
    this.shape = keySegments(ctx, "shape", "Shape of the orange set", SHAPES);
    const slider = (key, name, step, digits) =>
      keySlider(ctx, key, name, { step, words: (value) => num(value, digits), live: true });
    this.sliders = {
      wide: slider("wide", "Width", 0.1, 1),
      narrow: slider("narrow", "Height", 0.1, 1),
      turn: slider("turn", "Turn, degrees", 5, 0),
    };
    this.numbers = headline(this.rows(), 0);
    this.seen = createSeen();
    this.legend = createLegend(ctx);
    fill(ctx.main, this.frame, this.legend.element);
    const sliders = Object.values(this.sliders).map(({ element }) => element);
    fillPanel(ctx, this.numbers, this.shape, ...sliders, this.seen.element, createTries(ctx));
  }

  listen() {
    let held = null;
    const tell = (event, rest) => {
      const [x, y] = placeIn(this.canvas, event);
      const { offsetWidth: size } = this.canvas;
      this.choose([(2 * x / size - 1) * HALF, (1 - 2 * y / size) * HALF], rest);
    };
    onFirst(this.canvas, {
      pointerdown: (event) => {
        if (event.button > 0) return;
        this.canvas.setPointerCapture(event.pointerId);
        held = new Finger(event);
        if (held.meant) tell(event, false);
      },
      pointermove: (event) => held?.move(event) && tell(event, false),
      pointerup: (event) => {
        if (held && held.meant !== false) tell(event, true);
        held = null;
      },
      pointercancel: () => (held = null),
    });
  }

  /** The orange set's mean comes to a place, to one decimal. */
  choose(place, rest) {
    const { bounds } = this.ctx.fields.mean;
    const mean = place.map((value, i) => Number(Math.max(bounds[i][0], Math.min(bounds[i][1], value)).toFixed(1)));
    this.ctx.store.set({ mean }, { commit: rest });
  }

  key({ key, shiftKey }) {
    if (!(key in MOVES)) return false;
    const by = shiftKey ? 1 : 0.1;
    this.choose(this.ctx.store.get().mean.map((value, i) => value + by * MOVES[key][i]), true);
    return true;
  }

  update() {
    const state = this.ctx.store.get();
    this.shape.set(state.shape);
    for (const [key, { set }] of Object.entries(this.sliders)) set(state[key]);
    this.draw();
    this.numbers.set(this.rows());
    this.seen(this.words());
  }

  get sets() {
    const { mean, wide, narrow, turn, shape } = this.ctx.store.get();
    const still = placed(standardPoints("gaussian", 3), STILL.mean, STILL.wide, STILL.narrow, STILL.turn);
    return { still, moved: placed(standardPoints(shape, 5), mean, wide, narrow, turn) };
  }

  get terms() {
    const { mean, wide, narrow, turn } = this.ctx.store.get();
    const still = covarianceOf(STILL.wide, STILL.narrow, STILL.turn);
    return frechetTerms(mean, covarianceOf(wide, narrow, turn), STILL.mean, still);
  }

  draw() {
    const width = this.frame.clientWidth;
    if (!width) return;
    this.paint(contextOf(this.canvas, width, width), width);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${width}px` });
    setName(this.canvas, "Two sets in the plane.", this.words());
  }

  paint(context, size) {
    const colours = this.ctx.colours();
    this.legend.show(KEYS);
    const { mean, wide, narrow, turn } = this.ctx.store.get();
    const { still, moved } = this.sets;
    const place = ([x, y]) => [((x + HALF) / (2 * HALF)) * size, ((HALF - y) / (2 * HALF)) * size];
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, size, size);
    for (const [points, of, colour] of [[still, STILL, "ink"], [moved, { mean, wide, narrow, turn }, "you"]]) {
      Object.assign(context, { fillStyle: colours[colour], strokeStyle: colours[colour], lineWidth: 2 });
      for (const point of points) context.fillRect(...place(point).map((value) => value - 1.5), 3, 3);
      const scale = size / HALF; // an ellipse of two widths
      context.beginPath();
      context.ellipse(
        ...place(of.mean),
        of.wide * scale,
        of.narrow * scale,
        (-of.turn * Math.PI) / 180,
        0,
        2 * Math.PI,
      );
      context.stroke();
    }
  }

  rows() {
    const { means, covariances } = this.terms;
    const { still, moved } = this.sets;
    return [
      ["Fréchet distance", num(means + covariances), ""],
      ["of the means", num(means), ""],
      ["of the covariances", num(covariances), ""],
      ["kernel distance of the points", num(kernelDistance(still, moved)), ""],
    ];
  }

  words() {
    const { means, covariances } = this.terms;
    const { shape } = this.ctx.store.get();
    const sum = `The distance is ${num(means + covariances)}: ${num(means)} from the means and ` +
      `${num(covariances)} from the covariances.`;
    return shape === "gaussian"
      ? `${sum} Both sets are Gaussian, so it is 0 only if they are equal.`
      : `${sum} The shape of the orange set changes neither: the Fréchet distance sees the ellipses alone.`;
  }
}

export default {
  hint: "Drag the orange set: the distance has a term of the means and one of the covariances",
  create: (ctx) => new Gaussians(ctx),
};
