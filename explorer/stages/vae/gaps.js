/** Three gaps: q over the true posterior, moved by hand, fitted to the image, or of three Gaussians. */

import { Bars } from "../kit/chart/bars.js";
import { contextOf, onSize } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats16 } from "../kit/plane/tensors.js";
import { h, placeIn, setName } from "../kit/base/dom.js";
import { onDrag } from "../kit/base/drag.js";
import { Exhibit } from "../kit/panel/exhibit.js";
import { num, pair } from "../kit/base/format.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { gapOf } from "./gaps_of.js";
import { heatPicture, paintDot, paintEllipse, paintHeat } from "./paint.js";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const NEAR = 26; // pixels within which a handle is taken
const TOLD = ["encoder", "best", "mixture"];
const KEYS = [["■", "posterior p(z | x)", ({ ink }) => ink], ["○", "q at 1σ and 2σ", ({ you }) => you]];

/** The Gaussian of four numbers: its mean and its widths. */
const ofHand = (hand) => ({ weights: [1], mu: [hand.slice(0, 2)], sigma: [hand.slice(2)] });

/** Description of a q by hand. */
function handReport(declared, gap, { encoder, best, log_px: exact }) {
  const values = { gap, encoder, best, decoder: -exact, rest: Math.max(0, gap - best.gap), sum: gap - exact };
  const words = sentences(declared, values, "lost", gap < encoder.gap && "best");
  return { gap, numbers: figuresOf(declared, values), words };
}

class Gaps extends Exhibit {
  constructor(ctx, mode) {
    super(ctx, mode);
    this.dims.push(this.gapBars.element);
  }

  add() {
    this.canvas = h("canvas", { class: "board", role: "application", tabindex: 0 });
    this.frame = h("div", { class: "gaps-plane" }, this.canvas);
    onSize(this.frame, () => this.paint());
    this.listen();
    this.legend = createLegend(this.ctx);
    return [this.frame, this.legend.element];
  }

  below() {
    this.gapBars = new Bars("The gap of each q");
    return [this.gapBars.element];
  }

  /** The q that is shown: {weights, mu, sigma}. */
  get q() {
    const { q, hand } = this.ctx.store.get();
    if (q !== "hand") return this.value[q];
    return hand ? ofHand(hand) : this.value.encoder;
  }

  /** The table of the true posterior, read once. */
  get cells() {
    const { value } = this;
    return (value.cells ??= { size: value.size, extent: value.extent, logP: floats16(value.log_p) });
  }

  /** The true posterior as a picture, made once. */
  get heat() {
    const { logP, size } = this.cells;
    const top = logP.reduce((most, each) => Math.max(most, each), -Infinity);
    const levels = Uint8Array.from(logP, (each) => 255 * Math.exp(each - top));
    return (this.value.heat ??= heatPicture(levels, size, this.ctx.colours().ink));
  }

  /** Numbers of a q: by Python, or of one by hand here. */
  shown(value) {
    if (value.cannot) return value;
    const { q } = this;
    const found = this.ctx.store.get().q === "hand" ? handReport(this.declared, gapOf(this.cells, q), value) : q;
    return { ...value, gap: found.gap, numbers: found.numbers, words: found.words };
  }

  draw(value) {
    super.draw(value);
    for (const element of [this.frame, this.gapBars.element]) element.hidden = Boolean(value.cannot);
    if (value.cannot) return;
    this.legend.show(KEYS);
    this.showBars(this.shown(value).gap);
    this.paint();
  }

  /** A bar for each q, to one scale: its family's part and the rest. */
  showBars(gap) {
    const { value } = this;
    const { q } = this.ctx.store.get();
    const gaps = { ...Object.fromEntries(TOLD.map((name) => [name, value[name].gap])), [q]: gap };
    const most = Math.max(value.encoder.gap, value.best.gap, 1e-3);
    const [[{ options }]] = this.declared.controls;
    const rows = options.filter(([name]) => name in gaps).map(([name, title]) => {
      const family = Math.min(gaps[name], value.best.gap, most);
      const share = family / most;
      const hatched = Math.min(1, gaps[name] / most) - share;
      return { title, share, hatched, text: num(gaps[name]), marked: name === q };
    });
    this.gapBars.show({ name: this.declared.says.bars, rows });
  }

  get scale() {
    const [x0, x1, y0, y1] = this.cells.extent;
    const { side } = this;
    return {
      toScreen: (z) => [((z[0] - x0) / (x1 - x0)) * side, (1 - (z[1] - y0) / (y1 - y0)) * side],
      toPlane: ([x, y]) => [x0 + (x / side) * (x1 - x0), y0 + (1 - y / side) * (y1 - y0)],
    };
  }

  /** Handles of a Gaussian: at its mean, and one width to the right and up. */
  handles({ mu: [mu], sigma: [sigma] }) {
    return { mean: mu, wide: [mu[0] + sigma[0], mu[1]], high: [mu[0], mu[1] + sigma[1]] };
  }

  paint() {
    this.side = this.frame.clientWidth;
    if (!this.side || !this.ready) return;
    const context = contextOf(this.canvas, this.side, this.side);
    this.canvas.style.width = this.canvas.style.height = `${this.side}px`;
    const { weights, mu, sigma } = this.q;
    const said = mu.map((each, k) => `${pair(each, 2)}, widths ${pair(sigma[k], 3)}`).join("; ");
    setName(this.canvas, `True posterior as a shade; q at ${said}. Arrow keys move q, with Shift its widths`);
    const { ground, you } = this.ctx.colours();
    const { toScreen } = this.scale;
    context.fillStyle = ground;
    context.fillRect(0, 0, this.side, this.side);
    paintHeat(context, this.heat, this.cells.extent, toScreen);
    weights.forEach((weight, k) => {
      if (weight > 0.02) paintEllipse(context, { mu: mu[k], sigma: sigma[k] }, toScreen, { colour: you, width: 3 });
    });
    if (weights.length > 1) return;
    for (const place of Object.values(this.handles(this.q))) {
      paintDot(context, toScreen(place), 7, { fill: you, stroke: ground });
    }
  }

  listen() {
    const { canvas } = this;
    const tell = (event, { handle }, rest) => this.drag(handle, placeIn(canvas, event), rest);
    onDrag(canvas, {
      take: (event) => {
        const handle = this.ready && this.handleAt(placeIn(canvas, event));
        if (!this.ready || (!handle && event.pointerType === "touch")) return null;
        return { handle: handle ?? "mean" };
      },
      move: (event, taken) => tell(event, taken, false),
      end: (event, taken) => tell(event, taken, true),
    }, { handles: () => this.ready ? Object.values(this.handles(this.ofOne())).map(this.scale.toScreen) : [] });
  }

  handleAt([x, y]) {
    const { toScreen } = this.scale;
    const far = ([, place]) => Math.hypot(...toScreen(place).map((value, i) => value - [x, y][i]));
    const [name, place] = Object.entries(this.handles(this.ofOne())).toSorted((a, b) => far(a) - far(b))[0];
    return far([name, place]) < NEAR ? name : null;
  }

  /** The Gaussian that a hand starts from; for a mixture, the best one. */
  ofOne() {
    return this.q.weights.length > 1 ? this.value.best : this.q;
  }

  drag(handle, place, rest) {
    const [x, y] = this.scale.toPlane(place);
    const { mu: [mu], sigma: [sigma] } = this.ofOne();
    if (handle === "mean") return this.take([x, y], sigma, rest);
    if (handle === "wide") return this.take(mu, [x - mu[0], sigma[1]], rest);
    return this.take(mu, [sigma[0], y - mu[1]], rest);
  }

  /** q by hand: within the picture, and no narrower than a cell of it. */
  take(mu, sigma, rest) {
    const [x0, x1, y0, y1] = this.cells.extent;
    const cell = (x1 - x0) / this.cells.size;
    const within = (value, low, high) => Number(Math.max(low, Math.min(high, value)).toFixed(4));
    const hand = [
      within(mu[0], x0, x1),
      within(mu[1], y0, y1),
      ...sigma.map((value) => within(value, cell, (x1 - x0) / 2)),
    ];
    this.ctx.store.set({ q: "hand", hand }, { commit: rest });
  }

  key({ key, shiftKey }) {
    if (!(key in MOVES) || !this.ready) return false;
    const [x0, x1] = this.cells.extent;
    const by = MOVES[key].map((sign) => (sign * (x1 - x0)) / 100);
    const { mu: [mu], sigma: [sigma] } = this.ofOne();
    const add = (values) => values.map((value, i) => value + by[i]);
    this.take(shiftKey ? mu : add(mu), shiftKey ? add(sigma) : sigma, true);
    return true;
  }

  /** True if there is a posterior on screen. */
  get ready() {
    return Boolean(this.value && !this.value.cannot);
  }

  hasResult() {
    return this.ready;
  }

  table() {
    if (!this.ready) return null;
    const rows = TOLD.map((name) => [`gap, ${name}`, this.value[name].gap]);
    const { hand } = this.ctx.store.get();
    if (hand) rows.push(["gap, by hand", gapOf(this.cells, ofHand(hand))]);
    return { name: "gaps", rows: [["figure", "nats"], ...rows, ["log p(x)", this.value.log_px]] };
  }
}

export default {
  create: (ctx) => new Gaps(ctx, "gaps"),
};
