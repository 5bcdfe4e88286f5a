/** Bound: what the next pixel of one picture costs, for every number of masked ones; the area below is the bound. */

import { Board } from "../kit/image/board.js";
import { headline } from "../kit/shell/more.js";
import { Answered } from "../kit/shell/answered.js";
import { Chart } from "../kit/chart/chart.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { createSeen, dim, empty, fillPanel } from "../kit/shell/parts.js";
import { blank, PIXELS } from "../kit/image/pixels.js";
import { createSeed } from "../kit/shell/seed.js";
import { createSlider } from "../kit/shell/slider.js";
import { floats16, fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { takeNet } from "../kit/shell/take_net.js";
import { createTries } from "../kit/lesson/tries.js";
import { images } from "../questions/images.js";
import { boundWords, total } from "./bound_words.js";
import { MASKING } from "./choices.js";

const SIZE = 336;
const CHART_HEIGHT = 190;
const ASK_AGAIN = ["net", "img", "draw", "source", "seed", "mode"];

class Bound {
  constructor(ctx) {
    this.ctx = ctx;
    const again = () => ctx.refresh("bound");
    this.terms = new Answered(ctx, "bound_terms", again);
    this.term = new Answered(ctx, "term_at", again);
    this.raster = new Answered(ctx, "in_raster_order", again);
    this.build();
  }

  build() {
    const { ctx } = this;
    this.chooser = images.chooser(ctx);
    this.empty = empty(images.nothing.test);
    this.boards = ["what is known of it: grey is masked", "how likely each pixel is white"].map((words) => {
      const board = new Board({ label: words, size: SIZE });
      return { board, figure: h("figure", {}, board.element, h("figcaption", {}, words)) };
    });
    this.chart = new Chart(ctx, {
      label: "What the next pixel costs, by how many are masked",
      height: CHART_HEIGHT,
      onMove: (m, { rest }) => this.take(m, rest),
    });
    this.numbers = headline(this.rows(), 1);
    const pair = h("div", { class: "bound-pair" }, this.boards.map(({ figure }) => figure));
    this.shown = h("div", { class: "bound-shown" }, pair, this.chart.element);
    fill(ctx.main, this.empty, this.shown);
    this.masked = createSlider("Masked", {
      field: ctx.fields.m,
      step: 1,
      words: (m) => `${m} of ${PIXELS}`,
      label: "How many pixels are masked",
      onPreview: (m) => this.take(m, false),
      onRelease: (m) => this.take(m, true),
    });
    this.seed = createSeed(ctx, { words: "Other masks" });
    this.seen = createSeen();
    const { chooser, masked, seed, seen } = this;
    fillPanel(ctx, chooser.element, masked.element, seed.element, this.numbers, seen.element, createTries(ctx));
  }

  enter() {
    takeNet(this.ctx, MASKING);
    images.start(this.ctx);
  }

  take(m, rest) {
    this.ctx.store.set({ m: Math.max(1, Math.min(PIXELS, Math.round(m))) }, { commit: rest });
  }

  update(changed) {
    for (const part of [this.chooser, this.seed]) part.update();
    const { net, seed, m } = this.ctx.store.get();
    this.masked.set(m);
    const picture = images.picked(this.ctx);
    if (changed.has("m") || ASK_AGAIN.some((key) => changed.has(key))) {
      this.terms.want(picture && { net, picture, seed });
      this.raster.want(picture && { net, picture });
      this.term.want(picture && { net, picture, seed, masked: m });
    }
    this.empty.hidden = picture !== null;
    this.shown.hidden = picture === null;
    if (picture) this.show();
    else this.seen("");
  }

  rows() {
    const { terms, raster, term } = this;
    return [
      ["the next pixel", term.value ? num(term.value.nats, 4) : "–", "nats"],
      ["the bound: the area", terms.value ? num(-total(terms.value.nats)) : "–", "nats"],
      ["log p row by row, exactly", raster.value ? num(raster.value.nats) : "–", "nats"],
    ];
  }

  show() {
    const { terms, term, raster, boards, chart, ctx } = this;
    const { m } = ctx.store.get();
    this.numbers.set(this.rows());
    dim(this.chart.element, !terms.isCurrent);
    const grey = images.fed(ctx, "binary");
    if (term.value && grey) {
      const known = unpackBits(fromBase64(term.value.known));
      const words = `${m} of ${PIXELS} pixels are masked`;
      const pairs = {
        out: Float32Array.from(grey, (byte, i) => (known[i] ? byte / 255 : 0.5)),
        guess: floats16(term.value.p),
      };
      Object.entries(pairs).forEach(([name, values], i) => {
        boards[i].board.show({ values, words });
        ctx.show(name, values);
      });
    }
    for (const { board } of boards) dim(board.element, !term.isCurrent);
    if (!terms.value) return;
    const { masked, nats } = terms.value;
    const top = Math.max(0.1, ...nats) * 1.05;
    chart.show({
      xs: [0, PIXELS],
      ys: [0, top],
      ticks: { x: [0, PIXELS / 4, PIXELS / 2, (3 * PIXELS) / 4, PIXELS], y: [0, Number((top / 2).toFixed(2))] },
      name: "nats of the next pixel, by how many are masked",
      bars: masked.map((at, k) => ({ x0: at - 4, x1: at, y: nats[k], colour: "quiet" })),
      cursor: m,
      words: `the bound is ${num(-total(nats))} nats`,
    });
    if (!terms.isCurrent || !term.isCurrent) return;
    const words = boundWords({
      ...{ name: images.chosenName(ctx), masked, nats, m, at: term.value.nats },
      raster: raster.isCurrent ? raster.value.nats : null,
    });
    this.seen(words);
    ctx.describe(words);
  }

  hasResult() {
    return Boolean(this.terms.value);
  }

  picture() {
    if (!this.terms.value) return null;
    const { canvas } = this.chart;
    const copy = h("canvas");
    blank(copy, canvas.width, canvas.height, this.ctx.colours()).drawImage(canvas, 0, 0);
    return copy;
  }

  table() {
    if (!this.terms.value) return null;
    const { masked, nats } = this.terms.value;
    const rows = masked.map((m, k) => [m, nats[k]]);
    return { name: `${this.ctx.store.get().net}-bound`, rows: [["masked", "nats of the next pixel"], ...rows] };
  }
}

export default {
  hint: "Drag: what does a pixel cost when so many are masked?",
  create: (ctx) => new Bound(ctx),
};
