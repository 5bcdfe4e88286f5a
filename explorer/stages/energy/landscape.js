/** The landscape: an energy with its density, and chains that a visitor drops on it. */

import { Chart } from "../kit/chart/chart.js";
import { ReportFilm } from "../kit/film/report_film.js";
import { LARGE, squareIn } from "../kit/image/pixels.js";
import { createLegend } from "../kit/plane/legend.js";
import { HALF, PlaneCanvas } from "../kit/plane/plane_canvas.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { Answered } from "../kit/ask/answered.js";
import { button, h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { EARLIER, empty, onDemand } from "../kit/panel/parts.js";
import { DeepLandscape } from "./deep_landscape.js";
import { cellOf, paintContours, paintLandscape, paintShades, shadeKey, shadesOf } from "./paint.js";

const SIZE = 440;
const PER_SECOND = 40;
const FIRST = [0.1, 2]; // where a stranger's first chains are dropped: off the data, so that they run down
const LEGEND = [
  ["─", "equal energy", ({ quiet }) => quiet],
  ["○", "start", ({ you }) => you],
  ["+", "cursor", ({ you }) => you],
  ["●", "chain", ({ classes }) => classes[3]],
  ["●", "first chain", ({ you }) => you],
];
const REJECTED = ["×", "rejected", ({ quiet }) => quiet];

class Landscape extends ReportFilm {
  constructor(ctx) {
    super(ctx, "landscape");
    this.answer = new Answered(ctx, "landscape", () => ctx.refresh("surface"));
    this.bases = new Map();
    this.plane = new PlaneCanvas({
      label: "The landscape. Arrow keys move the cursor, Enter drops chains, Backspace takes the last place away.",
      size: LARGE,
      paint: paintLandscape,
      onMove: () => ctx.refresh("cursor"),
      onChoose: (point) => this.drop(point),
      onRemove: () => ctx.store.commit({ drops: ctx.store.get().drops.slice(0, -2) }),
    });
    this.deep = new DeepLandscape(ctx, SIZE);
    this.small = [["learned density", "learned"], ["known density", "known"]].map(([name, key]) => {
      const canvas = h("canvas", { class: "small-density", role: "img", "aria-label": `Density: ${name}` });
      const element = h("figure", { class: "captioned" }, canvas, h("figcaption", {}, name));
      return { element, draw: squareIn(element, canvas, (context, side) => this.paintDensity(context, side, key)) };
    });
    this.cursor = h("p", { class: "note number with-numbers" });
    this.legend = createLegend(ctx);
    this.rho = new Chart(ctx, { label: "Autocorrelation of x₁", height: 110 });
    this.clear = button("Clear", () => ctx.store.commit({ drops: [] }));
    this.nothing = empty("Click or tap the landscape to drop chains.");
    const densities = h("div", { class: "small-densities" }, this.small.map(({ element }) => element));
    const said = [this.numbers, this.cursor, this.legend.element, this.clear];
    const side = h("div", { class: "beside-side" }, densities, ...said);
    const charts = h("div", { class: "mixing-charts" }, this.curves.element, this.rho.element);
    this.open({
      nameOf: () => "Chains walk",
      screen: h("div", { class: "beside" }, h("div", {}, this.plane.element, this.deep.element), side),
      dims: [charts],
      label: "Chains",
      framesPerSecond: PER_SECOND,
      frames: 60,
      above: [this.nothing],
      below: [onDemand("Trace and autocorrelation", charts)],
    });
  }

  /** Chains run at the first sight of the page; the visitor's own take their place. */
  enter() {
    super.enter();
    const { store } = this.ctx;
    if (this.isMet) return;
    this.isMet = true;
    if (store.get().drops.length) return;
    this.isExample = true;
    store.set({ drops: FIRST });
  }

  /** Drops chains at a place, beside those that are there; at most so many places. */
  drop(point) {
    const drops = this.isExample ? [] : this.ctx.store.get().drops;
    const { most } = this.ctx.fields.drops;
    this.isExample = false;
    if (drops.length === 2 * most) return this.ctx.say(`At most ${most} places: clear them first.`);
    this.ctx.store.commit({ drops: [...drops, ...point] });
  }

  wanted() {
    return this.ctx.store.get().drops.length && this.ctx.net().points ? super.wanted() : null;
  }

  update(changed) {
    const { ctx } = this;
    super.update(changed);
    const { net, way, drops, form, kernel, shows } = ctx.store.get();
    this.answer.want(ctx.net().points ? { net, way } : null);
    this.clear.hidden = !drops.length;
    this.nothing.hidden = drops.length > 0;
    this.plane.element.hidden = form === "surface";
    this.deep.update(ctx.store.get());
    const marks = kernel === "langevin" ? LEGEND : [...LEGEND, REJECTED]; // Langevin steps are never rejected
    this.legend.show([shadeKey(shows), ...marks]);
    this.show();
    if (!this.drawn) this.tell();
  }

  /** The energy over the cells of the picture, of what is asked for now; null until it is there. */
  get surface() {
    const { value, isCurrent } = this.answer;
    if (!value || !isCurrent) return null;
    if (this.of !== value) {
      const [energy, slope] = [value.energy, value.slope].map((text) => new Float32Array(fromBase64(text).buffer));
      const known = Float32Array.from(fromBase64(value.known), (byte) => byte / 255);
      const least = energy.reduce((a, b) => Math.min(a, b));
      const numbers = { least, logZ: value.log_z, side: value.side, half: HALF };
      this.grid = { ...numbers, energy, slope, known, key: this.answer.key };
      this.of = value;
    }
    return this.grid;
  }

  /** The surface as a picture, drawn once. */
  base() {
    const { surface, ctx } = this;
    if (!surface) return null;
    const { shows } = ctx.store.get();
    const key = `${surface.key} ${shows} ${ctx.theme()}`;
    if (!this.bases.has(key)) {
      const canvas = new OffscreenCanvas(2 * SIZE, 2 * SIZE);
      const context = canvas.getContext("2d");
      const colours = ctx.colours();
      paintShades(context, { shades: shadesOf(surface, shows), half: HALF, size: 2 * SIZE, colours });
      context.globalAlpha = 0.7;
      paintContours(context, surface, 2 * SIZE, colours.quiet);
      this.bases.set(key, canvas);
    }
    return this.bases.get(key);
  }

  scene(at) {
    const { drops } = this.ctx.store.get();
    const opacity = this.drawn === this.current ? 1 : EARLIER;
    return { base: this.base(), frames: this.drawn?.frames ?? [], at, drops, colours: this.ctx.colours(), opacity };
  }

  /** The plane with the frame on screen, and what there is under the cursor. */
  show(at = this.film.index) {
    const { ctx, surface, drawn, plane } = this;
    const words = drawn ? drawn.frames[at]?.report.caption ?? "" : "shades of the energy with its contours.";
    plane.show(this.scene(at), `${ctx.net().title}: ${words}`);
    ctx.show("land", surface && plane.canvas);
    this.deep.chains(drawn?.frames[at], surface);
    if (!surface) return setText(this.cursor, "");
    const cell = cellOf(surface, ...plane.cursor);
    const [energy, slope] = [surface.energy[cell], surface.slope[cell]];
    const here = `E ${num(energy)}, |∇E| ${num(slope)}, log p ${num(-energy - surface.logZ)} nats`;
    setText(this.cursor, `At the cursor: ${here}`);
    for (const { draw } of this.small) draw();
  }

  draw(at) {
    super.draw(at);
    this.show(at);
    const { mixing } = this.drawn.frames[at].report;
    this.rho.element.hidden = !mixing;
    if (mixing) this.rho.show(mixing);
  }

  paintDensity(context, size, of) {
    const { surface } = this;
    const key = `${surface?.key} ${this.ctx.theme()} ${context.canvas.width}`;
    if (!surface || key === context.canvas.dataset.shows) return;
    context.canvas.dataset.shows = key;
    const shades = of === "known" ? surface.known : shadesOf(surface, "density");
    paintShades(context, { shades, half: HALF, size, colours: this.ctx.colours() });
  }

  /** Of the chains, or of the landscape alone. */
  tell(moving) {
    const { value, isCurrent } = this.answer;
    if (this.drawn) return super.tell(moving);
    this.numbers.set(value && isCurrent ? value.numbers : this.heads);
    this.seen(value && isCurrent ? value.words : "");
  }

  hasResult() {
    return Boolean(this.surface);
  }

  /** The chains where there are some, else the surface. */
  table() {
    const { drawn, surface, request } = this;
    const { net, way } = this.ctx.store.get();
    if (drawn) {
      const two = Array.from({ length: request.chains }, (_, i) => i);
      const rows = drawn.frames.flatMap(({ x, move }) => two.map((i) => [move, i + 1, x[2 * i], x[2 * i + 1]]));
      return { name: `${net}-${way}-chains`, rows: [["move", "chain", "x", "y"], ...rows] };
    }
    const { side, energy } = surface;
    const place = (k) => ((2 * k + 1) / side - 1) * HALF;
    const rows = Array.from(energy, (value, i) => [place(i % side), -place(Math.floor(i / side)), value]);
    return { name: `${net}-${way}-energy`, rows: [["x", "y", "energy, nats"], ...rows] };
  }
}

export default {
  create: (ctx) => new Landscape(ctx),
};
