/** Sixteen images come out of their z, a layer a step, and the log-density of each state beside them. */

import { Board } from "../kit/image/board.js";
import { headline } from "../kit/shell/more.js";
import { Chart } from "../kit/chart/chart.js";
import { h } from "../kit/shell/dom.js";
import { PanelFilm } from "../kit/film/panel_film.js";
import { PIXELS } from "../kit/image/pixels.js";
import { split } from "../questions/tiles.js";
import { Wall } from "../kit/image/wall.js";
import { coarsely, countOf } from "./lattice.js";
import { filmCaption, filmRows, filmWords } from "./layers_words.js";

const SIZE = 350;
const CHART_HEIGHT = 120;
const PER_SECOND = 3;

export class LayersFilm extends PanelFilm {
  constructor(ctx) {
    super(ctx, "film");
    const { commit } = ctx.store;
    this.wall = new Wall({
      label: "Sixteen images on their way from z. Arrow keys choose one.",
      onChoose: (tap) => commit({ tap }),
      size: SIZE,
    });
    this.board = new Board({ label: "The chosen image", size: SIZE });
    this.board.element.title = "The chosen image, as large as its part of the lattice of pixels";
    this.chart = new Chart(ctx, {
      label: "Log-density of the state, layer by layer",
      height: CHART_HEIGHT,
      onMove: (layer, { rest }) => this.film.go(Math.round(layer), { rest }),
    });
    this.numbers = headline(filmRows(null), 2);
    this.open({
      nameOf: () => "Sixteen images, layer by layer",
      screen: h("div", { class: "layers-screen" }, this.wall.element, this.board.element, this.chart.element),
      label: "From z to x, layer by layer",
      framesPerSecond: PER_SECOND,
      above: [this.numbers],
    });
  }

  /** How many layers there are; of a film whose first frames are there already. */
  get layers() {
    return Math.max(1, (this.drawn?.total ?? 1) - 1);
  }

  /** A state as the address has it: a share of all layers. */
  stateOf(at) {
    return { at: at / this.layers };
  }

  get at() {
    return Math.min(Math.round(this.ctx.store.get().at * this.layers), this.last);
  }

  captionOf(at) {
    return filmCaption(this.drawn.frames[at]);
  }

  paint(canvas, at) {
    this.wall.copy(canvas, this.wallAt(at));
  }

  /** What the wall shows of a state. */
  wallAt(at) {
    const frame = this.drawn.frames[at];
    return {
      images: split(frame.x).map((bytes) => Float32Array.from(bytes, (level) => level / 255)),
      known: PIXELS,
      order: null,
      chosen: this.ctx.store.get().tap,
      ring: null,
      words: this.captionOf(at),
    };
  }

  draw(at) {
    const { tap } = this.ctx.store.get();
    const wall = this.wallAt(at);
    this.wall.show(wall);
    this.board.show({ values: coarsely(wall.images[tap], this.drawn.frames[at].known), words: wall.words });
    this.ctx.show("out", wall.images[tap]);
    this.numbers.set(filmRows(this.drawn.frames, at, tap));
    this.showChart(at, tap);
  }

  showChart(at, tap) {
    const { frames } = this.drawn;
    const points = (image) => frames.map(({ numbers }, k) => [k, numbers.log_prob[image]]);
    const others = frames[0].numbers.log_prob.map((_, image) => ({ points: points(image), colour: "line", width: 1 }));
    const own = points(tap);
    this.chart.show({
      xs: [0, this.layers],
      ys: [-2000, 5000],
      ticks: { x: [0, this.layers], y: [-2000, 0, 4000] },
      name: "log-density of the state, nats",
      lines: [...others, { points: own, colour: "ink" }],
      cursor: at,
      dot: own[at],
      words: `${filmRows(frames, at, tap)[2][1]} nats after ${at} of ${this.layers} layers`,
    });
  }

  words(at) {
    const { seed, tap, temperature } = this.ctx.store.get();
    return filmWords({ frames: this.drawn.frames, last: this.layers, at, tap, seed, temperature });
  }

  table() {
    if (!this.drawn) return null;
    const { frames } = this.drawn;
    const head = [
      "layers done",
      "what",
      "pixels drawn",
      ...frames[0].numbers.log_prob.map((_, k) => `nats of ${k + 1}`),
    ];
    const rows = frames.map(({ layer, known, numbers }, k) => [k, layer, countOf(known), ...numbers.log_prob]);
    return { name: `${this.ctx.store.get().net}-layers`, rows: [head, ...rows] };
  }
}
