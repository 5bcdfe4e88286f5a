/** The landscape in three dimensions, which is turned by a finger or by keys, with the chains that walk on it. */

import { h, isBrowsers } from "../kit/base/dom.js";
import { cellOf } from "./paint.js";

const UNREAD = "What draws the surface could not be read; the heat map is there. Choose the surface again to retry.";
const EYE = [1.1, 1.5]; // how far the eye is from the middle of the plane, and above it
const TURN = Math.PI / 24;
const EVERY_MS = 500;
const LIFT = 0.25; // of a chain above the surface
const ROUND = { ArrowLeft: -TURN, ArrowRight: TURN };
const UP = { ArrowUp: 0.1, ArrowDown: -0.1 };

export class DeepLandscape {
  /** @param {Ctx} ctx @param {number} height */
  constructor(ctx, height) {
    this.ctx = ctx;
    this.height = height;
    /** @type {import("../kit/chart/plot.js").Plot | null} */
    this.plot = null;
    /** @type {string | null} */
    this.key = null;
    /** @type {{figure: PlotFigure, words: string, script: string, lowest: number} | null} */
    this.surface = null;
    /** @type {{x: ArrayLike<number>, land: any} | null} */
    this.walk = null;
    this.round = -Math.PI / 3;
    this.above = EYE[1];
    this.element = h("div", { hidden: true });
  }

  /** Module that draws it, read when it is first wanted. */
  async open() {
    const { Plot } = await import("../kit/chart/plot.js");
    if (this.plot) return;
    this.plot = new Plot(this.ctx, { name: "landscape", height: this.height });
    this.plot.host.tabIndex = 0;
    this.plot.host.addEventListener("keydown", (event) => this.turn(event));
    this.element.append(this.plot.element);
  }

  async update({ form, way, shows }) {
    this.element.hidden = form !== "surface";
    const net = this.ctx.net();
    if (this.element.hidden || !net.points) return;
    const key = `${net.name} ${way} ${shows}`;
    if (key === this.key) return;
    this.key = key;
    const asked = this.ctx.ask("landscape_surface", { net: net.name, way, shows });
    const surface = /** @type {typeof this.surface} */ (await asked);
    if (key !== this.key) return;
    if (!surface) return (this.key = null);
    try {
      await this.open();
    } catch (error) {
      console.warn(error.message);
      this.key = null;
      return this.ctx.say(UNREAD, "error");
    }
    this.surface = surface;
    surface.words += " Arrow keys turn it.";
    this.shows = shows;
    this.show();
  }

  /** Places of the chains of a frame on the energy `land`; while they walk, they are drawn now and then. */
  chains(frame, land) {
    this.walk = frame && land && { x: frame.x, land };
    if (this.element.hidden || !this.surface || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.show();
    }, EVERY_MS);
  }

  show() {
    const { figure } = this.surface;
    const scene = { ...figure.layout.scene, camera: this.camera(), uirevision: "eye" };
    const data = [figure.data[0], ...(this.walk && this.shows === "energy" ? [this.dots(this.walk)] : [])];
    this.plot.show({ ...this.surface, figure: { data, layout: { ...figure.layout, scene, showlegend: false } } });
  }

  dots({ x, land }) {
    const top = this.surface.figure.data[0].z.flat().reduce((a, b) => Math.max(a, b));
    const places = (axis) => Array.from({ length: x.length / 2 }, (_, i) => x[2 * i + axis]);
    const heights = places(0).map((_, i) => land.energy[cellOf(land, x[2 * i], x[2 * i + 1])] - this.surface.lowest);
    return {
      type: "scatter3d",
      mode: "markers",
      x: places(0),
      y: places(1),
      z: heights.map((height) => Math.min(top, height) + LIFT),
      marker: { color: this.ctx.colours().you, size: 3.5 },
      hoverinfo: "skip",
    };
  }

  camera() {
    const [far] = EYE;
    return { eye: { x: far * Math.cos(this.round), y: far * Math.sin(this.round), z: this.above } };
  }

  turn(event) {
    if (isBrowsers(event) || !(event.key in ROUND || event.key in UP)) return;
    event.preventDefault();
    event.stopPropagation();
    this.round += ROUND[event.key] ?? 0;
    this.above = Math.max(0.1, Math.min(2, this.above + (UP[event.key] ?? 0)));
    this.plot.relayout({ "scene.camera": this.camera() });
  }
}
