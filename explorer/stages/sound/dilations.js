/** Dilations: the tree of inputs that one prediction depends on, with dilation and without it. */

import { contextOf } from "../kit/image/pixels.js";
import { fill, h, placeIn } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { headline } from "../kit/shell/more.js";
import { createSeen, fillPanel, keySegments } from "../kit/shell/parts.js";
import { keySlider } from "../kit/shell/slider.js";

const HEIGHT = 500;
const EDGE = 30;
const SHOWN = 4800; // samples in the picture

/** Where a layer's second tap reads, in samples before the first. */
const dilationOf = (layer, dilated) => (dilated ? 2 ** layer : 1);

/** The places that each layer needs for a prediction at 0, from the output down to the samples. */
function treeOf(layers, dilated) {
  const rows = [[0]];
  for (let layer = layers - 1; layer >= 0; layer--) {
    const by = dilationOf(layer, dilated);
    rows.push([...new Set(rows.at(-1).flatMap((place) => [place, place - by]))]);
  }
  return rows;
}

class Dilations {
  constructor(ctx) {
    Object.assign(this, { ctx, rate: ctx.value().rate });
    this.canvas = h("canvas", { class: "tree", role: "img" });
    this.frame = h("div", { class: "tree-frame" }, this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.frame);
    this.canvas.addEventListener("click", (event) => this.tapAt(event));
    const kinds = [[true, "Dilated"], [false, "Not dilated"]];
    this.dilated = keySegments(ctx, "dilated", "Layers", kinds);
    this.depth = keySlider(ctx, "layers", "Layers", { step: 1, words: String, live: true });
    this.numbers = headline(this.rows(), 0);
    this.seen = createSeen();
    fill(ctx.main, this.frame);
    fillPanel(ctx, this.numbers, this.dilated, this.depth.element, this.seen.element);
  }

  get field() {
    const { layers, dilated } = this.ctx.store.get();
    return dilated ? 2 ** layers : layers + 1;
  }

  /** The predicted sample, of those in the picture. */
  get tap() {
    return Math.min(SHOWN - 1, this.ctx.store.get().tap ?? SHOWN - 240);
  }

  tapAt(event) {
    const share = (placeIn(this.canvas, event)[0] - EDGE) / (this.canvas.offsetWidth - 2 * EDGE);
    this.choose(Math.round(share * SHOWN));
  }

  choose(tap) {
    this.ctx.store.commit({ tap: Math.max(0, Math.min(SHOWN - 1, tap)) });
  }

  key({ key }) {
    const by = { ArrowLeft: -10, ArrowRight: 10 }[key];
    if (by) this.choose(this.tap + by);
    return Boolean(by);
  }

  update() {
    const { layers, dilated } = this.ctx.store.get();
    this.dilated.set(dilated);
    this.depth.set(layers);
    this.draw();
    this.numbers.set(this.rows());
    this.seen(this.words());
  }

  draw() {
    const width = this.frame.clientWidth;
    if (!width) return;
    const { layers, dilated } = this.ctx.store.get();
    const colours = this.ctx.colours();
    const context = contextOf(this.canvas, width, HEIGHT);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${HEIGHT}px` });
    const rows = treeOf(layers, dilated);
    const x = (sample) => EDGE + (sample / SHOWN) * (width - 2 * EDGE);
    const y = (row) => EDGE + (row / layers) * (HEIGHT - 3 * EDGE);
    context.clearRect(0, 0, width, HEIGHT);
    paintTree(context, rows, { x: (place) => x(this.tap + place), y, layers, dilated, colours });
    Object.assign(context, { fillStyle: colours.quiet, font: "13px system-ui, sans-serif", textAlign: "center" });
    context.textAlign = "left";
    context.fillText("prediction", 0, y(0) - 12);
    context.fillText(`samples, below ${layers} layers`, 0, y(layers) + 28);
    context.textAlign = "center";
    for (let sample = 0; sample <= SHOWN; sample += 1600) {
      context.fillText(`${(1000 * sample) / this.rate} ms`, x(sample), HEIGHT - 12);
    }
    this.canvas.setAttribute("aria-label", this.words());
  }

  rows() {
    const { layers } = this.ctx.store.get();
    const ms = (samples) => num((1000 * samples) / this.rate, 1);
    return [
      ["the network sees", ms(this.field), "ms"],
      ["samples", num(this.field, 0), ""],
      ["columns for a new sample, with queues", num(layers, 0), ""],
      ["without queues", num(treeOf(layers, this.ctx.store.get().dilated).flat().length - this.field, 0), ""],
    ];
  }

  words() {
    const { layers, dilated } = this.ctx.store.get();
    const how = dilated ? "Each layer doubles what is seen" : "Each layer adds one sample to what is seen";
    return `${how}: ${layers} ${layers === 1 ? "layer sees" : "layers see"} ${
      this.field.toLocaleString("en")
    } samples.`;
  }

  picture() {
    return this.canvas;
  }
}

/** Paints every link of the tree, the output at the top, the samples at the foot. */
function paintTree(context, rows, { x, y, layers, dilated, colours }) {
  Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1 });
  rows.slice(0, -1).forEach((places, row) => {
    const by = dilationOf(layers - 1 - row, dilated);
    context.globalAlpha = Math.max(0.25, 1 / places.length ** 0.3);
    context.beginPath();
    for (const place of places) {
      for (const below of [place, place - by]) {
        context.moveTo(x(place), y(row));
        context.lineTo(x(below), y(row + 1));
      }
    }
    context.stroke();
  });
  context.globalAlpha = 1;
  context.fillStyle = colours.quiet;
  for (const place of rows.at(-1)) context.fillRect(x(place), y(layers), 1, 10);
  context.fillStyle = colours.you;
  context.beginPath();
  context.arc(x(0), y(0), 6, 0, 2 * Math.PI);
  context.fill();
}

export default {
  hint: "Tap a sample: which samples does its prediction depend on?",
  create: (ctx) => new Dilations(ctx),
};
