/** The map: a canvas of the latent plane, with a second one over it for what follows the pointer. */

import { button, h, setName } from "../kit/base/dom.js";
import { paints } from "../kit/base/live.js";
import { rove } from "../kit/base/rove.js";
import { signal, untracked } from "../kit/base/vendor/signals-core.js";
import { fitCanvas, onSize } from "../kit/image/pixels.js";
import { paintClass } from "./class_codes.js";
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
const SHOWN = ["beta", "data", "view", "bg", "as", "off", "rings"]; // keys of the state

/**
 * @typedef {{beta: number | null, mu: Floats, sigma: Floats}} Codes means and widths of test images: x0, y0, x1, y1, …
 * @typedef {Ctx & {model: import("./model.js").Model, map: LatentPlane, restingBeta: number,
 *   classCodes: import("../kit/base/vendor/signals-core.js").Signal}} VaeCtx
 */

/** Map that modes know as `ctx.map`; its `element` is their picture. */
export class LatentPlane {
  /** Codes that a mode shows in place of the atlas, and a network in place of the trained one; null for none. */
  override = signal(/** @type {Codes | null} */ (null));
  decoderOverride = signal(/** @type {import("../kit/plane/mlp.js").Decoder | null} */ (null));
  /** True while the points are of an earlier β: they are drawn faint. */
  waiting = signal(false);
  /** The point under the pointer, or -1. */
  hovered = signal(-1);
  /** True while the panel lies below and may be out of sight. */
  isAlone = false;
  /** Codes whose classes are named on the map; null for none. @type {Codes | null} */
  named = null;
  ratio = 1;

  /** @param {VaeCtx} ctx @param {import("../kit/base/follow.js").Followed} followed */
  constructor(ctx, { state, news }) {
    this.ctx = ctx;
    this.view = new View(ctx.fields.view.bounds[2]);
    this.sizes = signal(0); // how often it has taken the room that there is
    this.palette = signal(ctx.colours());
    this.build();
    this.manifold = createManifold(() => ctx.refresh("tile")); // with what else comes in a display frame
    new MutationObserver(() => this.retheme()).observe(document.body, { attributeFilter: ["class"] });
    onSize(this.frame, () => this.resize());
    this.input = new Input(this, ctx);
    const own = [news, this.palette, this.override, this.decoderOverride, this.waiting];
    /** True if there is room; what the map shows is followed, and so is the view. */
    const isLaid = () => {
      void [SHOWN.map((key) => state[key]), own.map(({ value }) => value)];
      this.follow();
      return this.sizes.value > 0;
    };
    paints(() => isLaid() && untracked(() => this.paintBase()));
    paints(() => isLaid() && this.paintOverlay());
  }

  /** Colours of the theme; who reads them follows it. */
  get colours() {
    return this.palette.value;
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
    return this.override.value ?? (atlas?.has(beta) ? atlas.points(beta) : null);
  }

  /** While the points at the current β are on their way, those of an earlier one. */
  earlierPoints() {
    const { atlas } = this.ctx.model;
    if (!atlas) return null;
    atlas.need(this.ctx.store.get().beta).then(
      () => this.ctx.refresh("assets"),
      (error) => console.warn(error.message),
    );
    return atlas.at.beta === null ? null : atlas.at;
  }

  /** The decoder that everything on screen uses, set to β; null before it is read. */
  decoder(beta = this.ctx.store.get().beta) {
    return this.decoderOverride.value?.setBeta(beta) ?? this.ctx.model.decoder(beta);
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
    this.tinted = this.stamps = null;
    this.palette.value = this.ctx.colours();
    this.ctx.refresh("theme");
  }

  /** Takes the room that there is. */
  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height || matchMedia("print").matches) return; // no display frame comes on paper, to draw it again
    [this.view.width, this.view.height] = [width, height];
    this.isAlone =
      this.ctx.root.querySelector(".side").getBoundingClientRect().left < this.frame.getBoundingClientRect().right;
    this.ratio = fitCanvas(this.base, width, height).ratio;
    fitCanvas(this.overlay, width, height);
    this.stamps = null;
    this.sizes.value += 1;
  }

  /** An unset view keeps the cloud and the prior's rings in sight. */
  follow() {
    const { view, beta } = this.ctx.store.get();
    const { atlas } = this.ctx.model;
    const [x, y, span] = view ?? [0, 0, Math.max(RINGS_SPAN, atlas?.has(beta) ? atlas.span(beta) : 0)];
    [this.view.centre, this.view.span] = [[x, y], span];
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
    this.named = as === "dots" ? points : null;
    layer.ctx2d.fillStyle = this.colours.ground;
    layer.ctx2d.fillRect(0, 0, layer.width, layer.height);
    if (bg && now && this.decoder()) this.paintBackground(layer);
    if (points) this.paintPoints(layer, points, as, this.waiting.value || !now);
    if (rings) paintRings(layer);
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
    if (points && this.hovered.value >= 0) this.paintHovered(layer, points, this.hovered.value);
    paintClass(layer, this.ctx.classCodes.value, this.ctx.store.get());
    if (this.element.isConnected) this.mode.draw?.(layer);
    if (this.named) paintClassNames(layer, this.named, this.ctx.assets, this.hidden);
  }

  paintHovered(layer, points, i) {
    const { ctx2d, colours } = layer;
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
    [this.ratio, this.stamps] = [ratio, null];
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
