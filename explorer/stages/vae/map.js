/** The map: a canvas of the latent plane, with a second one over it for what follows the pointer. */

import { button, h, setName } from "../kit/base/dom.js";
import { rove } from "../kit/base/rove.js";
import { fitCanvas, onSize } from "../kit/image/pixels.js";
import { Input } from "./input.js";
import {
  ellipse,
  makeStamps,
  paintClassNames,
  paintDots,
  paintImages,
  paintManifold,
  paintRings,
  paintWidths,
  tintSheet,
} from "./layers.js";
import { createManifold } from "./manifold.js";
import { View } from "./view.js";

const REACH_PIXELS = 14;
const RINGS_SPAN = 6.8;
const FAINT = 0.35;
const KEPT_SCALE = 2;
const BASE_KEYS = ["beta", "data", "view", "bg", "as", "off", "rings", "assets", "theme", "redraw", "entered"];

/**
 * @typedef {{beta: number | null, mu: Floats, sigma: Floats}} Codes means and widths of test images: x0, y0, x1, y1, …
 * @typedef {Ctx & {model: import("./model.js").Model, map: LatentPlane, restingBeta: number}} VaeCtx
 */

/** Map that modes know as `ctx.map`; its `element` is their picture. */
export class LatentPlane {
  /** @param {VaeCtx} ctx */
  constructor(ctx) {
    /** @type {VaeCtx} */
    this.ctx;
    /** @type {View} */
    this.view;
    /** @type {number} */
    this.hovered;
    /** @type {Codes | null} */
    this.override;
    /** @type {import("../kit/plane/mlp.js").Decoder | null} */
    this.decoderOverride;
    /** @type {boolean} */
    this.waiting;
    /** @type {boolean} */
    this.isAlone;
    Object.assign(this, {
      ctx,
      view: new View(ctx.fields.view.bounds[2]),
      hovered: -1,
      override: null,
      decoderOverride: null,
      waiting: false,
      isAlone: false,
    });
    this.build();
    this.manifold = createManifold(() => this.redraw());
    this.retheme();
    new MutationObserver(() => this.retheme()).observe(document.body, { attributeFilter: ["class"] });
    onSize(this.frame, () => this.resize());
    this.input = new Input(this, ctx);
  }

  build() {
    this.base = h("canvas", { class: "base", "aria-hidden": "true" });
    this.overlay = h("canvas", {
      class: "overlay",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "map",
      "aria-label": "Latent map",
    });
    this.advice = h("p", { class: "advice", "aria-hidden": "true" });
    const tools = [
      tool("+", "Zoom in", () => this.input.zoom()),
      tool("−", "Zoom out", () => this.input.zoom(-1)),
      tool("⤢", "Show everything", () => this.ctx.store.commit({ view: null })),
    ];
    this.frame = h(
      "div",
      { class: "map" },
      this.base,
      this.overlay,
      this.advice,
      rove(h("div", { class: "tools" }, tools)),
    );
    this.legend = h("div", { class: "legend" });
    this.beta = h("div", { class: "beta" });
    this.element = h("div", { class: "column" }, this.frame, this.legend, this.beta);
  }

  /** The mode on screen. @returns {Mode} */
  get mode() {
    return this.ctx.root.explorer?.mode() ?? {};
  }

  /** A key of the mode, of the view or of the cursor; whether it is one. */
  key(event) {
    return this.input.key(event);
  }

  /** Points and widths as now shown: of an override, else of the atlas at the current β; null before they are read. */
  points() {
    const { atlas } = this.ctx.model;
    const { beta } = this.ctx.store.get();
    return this.override ?? (atlas?.has(beta) ? atlas.points(beta) : null);
  }

  /** While the points at the current β are on their way, those of an earlier one. */
  earlierPoints() {
    const { atlas } = this.ctx.model;
    if (!atlas) return null;
    atlas.need(this.ctx.store.get().beta).then(() => this.redraw(), (error) => console.warn(error.message));
    return atlas.at.beta === null ? null : atlas.at;
  }

  /** Shows other points, {mu, sigma}, until called with null. */
  setPoints(points) {
    this.override = points;
    this.waiting = false;
    this.redraw();
  }

  /** Points of an earlier β are drawn faint. */
  setWaiting(waiting) {
    if (waiting !== this.waiting) this.redraw();
    this.waiting = waiting;
  }

  /** Decodes with another network until called with null. */
  setDecoder(decoder) {
    this.decoderOverride = decoder;
    this.redraw();
  }

  /** The decoder that everything on screen uses, set to β; null before it is read. */
  decoder(beta = this.ctx.store.get().beta) {
    return this.decoderOverride?.setBeta(beta) ?? this.ctx.model.decoder(beta);
  }

  /** Everything again at the next display frame. */
  redraw() {
    this.ctx.refresh("redraw");
  }

  /** Shows [left, right, bottom, top] with a little room. */
  fit([left, right, bottom, top]) {
    const { width, height } = this.view;
    const side = Math.min(width, height);
    const span = this.view.clamped(1.15 * Math.max(((right - left) * side) / width, ((top - bottom) * side) / height));
    this.ctx.store.commit({ view: [(left + right) / 2, (bottom + top) / 2, span] });
  }

  /** The shown point nearest to z; -1 when no class is shown. */
  nearest(z) {
    let [best, smallest] = [-1, Infinity];
    const points = this.points();
    if (!points) return best;
    const { labels } = this.ctx.assets;
    const { hidden } = this;
    for (let i = 0; i < labels.length; i++) {
      const squared = (points.mu[2 * i] - z[0]) ** 2 + (points.mu[2 * i + 1] - z[1]) ** 2;
      if (squared < smallest && !hidden[labels[i]]) [best, smallest] = [i, squared];
    }
    return best;
  }

  /** The point under a place on the screen, or -1. */
  hit(px, py) {
    const i = this.nearest(this.view.toLatent(px, py));
    if (i < 0) return -1;
    const { mu } = this.points();
    const [x, y] = this.view.toScreen([mu[2 * i], mu[2 * i + 1]]);
    return Math.hypot(x - px, y - py) <= REACH_PIXELS ? i : -1;
  }

  get hidden() {
    const flags = new Array(10).fill(false);
    for (const label of this.ctx.store.get().off) flags[label] = true;
    return flags;
  }

  retheme() {
    this.colours = this.ctx.colours();
    this.tinted = null;
    this.stamps = null;
    this.ctx.refresh("theme");
  }

  /** Takes the room that there is; `isAlone` while the panel lies below and may be out of sight. */
  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height || matchMedia("print").matches) return; // no display frame comes on paper, to draw it again
    Object.assign(this.view, { width, height });
    this.isAlone =
      this.ctx.root.querySelector(".side").getBoundingClientRect().left < this.frame.getBoundingClientRect().right;
    this.ratio = fitCanvas(this.base, width, height).ratio;
    fitCanvas(this.overlay, width, height);
    this.stamps = null;
    this.redraw();
  }

  /** Paints what the changed keys touch. */
  update(changed) {
    if (!this.ratio) return;
    this.follow();
    if (BASE_KEYS.some((key) => changed.has(key))) this.paintBase();
    this.paintOverlay();
  }

  /** An unset view keeps the cloud and the prior's rings in sight. */
  follow() {
    const { view, beta } = this.ctx.store.get();
    const { atlas } = this.ctx.model;
    const [x, y, span] = view ?? [0, 0, Math.max(RINGS_SPAN, atlas?.has(beta) ? atlas.span(beta) : 0)];
    Object.assign(this.view, { centre: [x, y], span });
  }

  layer(canvas) {
    const ctx2d = canvas.getContext("2d");
    ctx2d.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const { toScreen, toLatent, scale, width, height } = this.view;
    ctx2d.clearRect(0, 0, width, height);
    return { ctx2d, toScreen, toLatent, scale, width, height, colours: this.colours };
  }

  paintBase() {
    const { bg, rings, as } = this.ctx.store.get();
    const layer = this.layer(this.base);
    const now = this.points();
    const points = now ?? this.earlierPoints();
    layer.ctx2d.fillStyle = this.colours.ground;
    layer.ctx2d.fillRect(0, 0, layer.width, layer.height);
    if (bg && now && this.decoder()) this.paintBackground(layer);
    if (points) this.paintPoints(layer, points, as, this.waiting || !now);
    if (rings) paintRings(layer);
    if (points && as === "dots") paintClassNames(layer, points, this.ctx.assets, this.hidden);
  }

  paintPoints(layer, points, as, waiting) {
    const { assets } = this.ctx;
    this.stamps ??= makeStamps(this.colours, this.ratio);
    if (waiting) layer.ctx2d.globalAlpha = FAINT;
    else paintWidths(layer, points, assets.labels, this.hidden);
    if (as === "images" && assets.sheets) {
      paintImages(layer, points, assets.labels, this.hidden, this.stamps, this.tintedSheet());
    } else paintDots(layer, points, assets.labels, this.hidden, this.stamps);
    layer.ctx2d.globalAlpha = 1;
    if (as === "images" && !assets.sheets) this.ctx.images(this.ctx.net().dataset);
  }

  paintBackground(layer) {
    const { beta, as } = this.ctx.store.get();
    this.manifold.want({
      decoder: this.decoder(),
      beta,
      view: this.view,
      theme: this.ctx.theme(),
      ink: this.colours.manifold,
    });
    const tile = this.manifold.tile();
    if (tile) paintManifold(layer, tile, as === "images" ? 0.4 : 1);
  }

  tintedSheet() {
    const { assets } = this.ctx;
    if (this.tinted?.assets !== assets) {
      this.tinted = { assets, sheet: tintSheet(assets.sheets[0], assets.labels, this.colours) };
    }
    return this.tinted.sheet;
  }

  paintOverlay() {
    const layer = this.layer(this.overlay);
    const points = this.points();
    if (points && this.hovered >= 0) this.paintHovered(layer, points);
    if (this.element.isConnected) this.mode.draw?.(layer);
  }

  paintHovered(layer, points) {
    const { ctx2d, colours } = layer;
    const i = this.hovered;
    const [px, py] = layer.toScreen([points.mu[2 * i], points.mu[2 * i + 1]]);
    ctx2d.strokeStyle = colours.ink;
    ctx2d.lineWidth = 1.5;
    ctx2d.beginPath();
    ctx2d.arc(px, py, 6, 0, 2 * Math.PI);
    ctx2d.stroke();
    if (!(points.sigma[2 * i] > 0)) return;
    for (const times of [1, 2]) {
      ellipse(layer, points.mu, points.sigma, i, times);
      ctx2d.stroke();
    }
  }

  /** Does the work while the layers are painted at twice their size or more. */
  paintedFine(work) {
    const { width, height } = this.view;
    const ratio = Math.max(KEPT_SCALE, this.ratio);
    for (const layer of [this.base, this.overlay]) {
      Object.assign(layer, { width: ratio * width, height: ratio * height });
    }
    Object.assign(this, { ratio, stamps: null });
    this.paintBase();
    this.paintOverlay();
    try {
      return work();
    } finally {
      this.resize();
    }
  }
}

function tool(symbol, label, onclick) {
  const element = button(symbol, onclick, { title: label, kind: "tool" });
  setName(element, label);
  return element;
}
