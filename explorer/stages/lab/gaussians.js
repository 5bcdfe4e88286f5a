/** Fréchet by hand: two sets in a plane, one to drag; both terms of their distance, and what the distance ignores. */

import { contextOf, onSize } from "../kit/image/pixels.js";
import { h, placeIn, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { ByHand } from "../kit/panel/by_hand.js";
import { headline } from "../kit/panel/more.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { covarianceOf, frechetTerms, kernelDistance, placed, standardPoints } from "./frechet_of.js";

const HALF = 5; // how far the plane reaches from its middle
const STILL = { mean: [0, 0], wide: 1.6, narrow: 0.7, turn: 0 }; // the set that is not dragged
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const KEYS = [["●", "fixed set", ({ ink }) => ink], ["●", "your set: drag it", ({ you }) => you]];

class Gaussians extends ByHand {
  ready = true;

  constructor(ctx) {
    super(ctx, "gaussians");
    this.canvas = h("canvas", { class: "lab-plane", role: "application", tabindex: 0 });
    this.frame = h("div", { class: "lab-plane-frame" }, this.canvas);
    onSize(this.frame, () => this.draw());
    this.listen();
    this.numbers = headline(figuresOf(this.declared, this.report), 0);
    this.legend = createLegend(ctx);
    this.open([this.frame, this.legend.element], { above: [this.numbers] });
  }

  listen() {
    const tell = (event, rest) => {
      const [x, y] = placeIn(this.canvas, event);
      const { offsetWidth: size } = this.canvas;
      this.choose([(2 * x / size - 1) * HALF, (1 - 2 * y / size) * HALF], rest);
    };
    onDrag(this.canvas, {
      take: () => true,
      move: (event) => tell(event, false),
      end: (event) => tell(event, true),
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
    this.controls.update();
    this.legend.show(KEYS);
    this.draw();
    this.numbers.set(figuresOf(this.declared, this.report));
    this.seen(this.words());
  }

  get sets() {
    const { mean, wide, narrow, turn, shape } = this.ctx.store.get();
    const still = placed(standardPoints("gaussian", 3), STILL.mean, STILL.wide, STILL.narrow, STILL.turn);
    return { still, moved: placed(standardPoints(shape, 5), mean, wide, narrow, turn) };
  }

  /** Distances of the two sets. */
  get report() {
    const { mean, wide, narrow, turn } = this.ctx.store.get();
    const { still, moved } = this.sets;
    const covariance = covarianceOf(STILL.wide, STILL.narrow, STILL.turn);
    const terms = frechetTerms(mean, covarianceOf(wide, narrow, turn), STILL.mean, covariance);
    return { ...terms, distance: terms.means + terms.covariances, kernel: kernelDistance(still, moved) };
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

  words() {
    const { shape } = this.ctx.store.get();
    return sentences(this.declared, this.report, "sum", shape === "gaussian" ? shape : "other");
  }
}

export default {
  create: (ctx) => new Gaussians(ctx),
};
