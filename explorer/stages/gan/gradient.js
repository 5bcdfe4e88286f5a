/** Vanishing gradient: a generator stands still while a discriminator and a critic are trained further. */

import { figures, fill, h } from "../kit/shell/dom.js";
import { dim, onDemand } from "../kit/shell/parts.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { createLegend } from "./arena_legend.js";
import { noNumbers, PlanesMode } from "./game_mode.js";
import { NAMES, NormsChart } from "./norms_chart.js";

const SIZE = 320;
const STEPS = 400;
const KINDS = { d: "A discriminator: real or made?", critic: "A Wasserstein critic" };

class Gradient extends PlanesMode {
  get mode() {
    return "gradient";
  }

  build() {
    const { ctx } = this;
    const handOver = (canvas) => ctx.show("out", canvas);
    this.planes = Object.entries(KINDS).map(([kind, title], k) => {
      const arena = new Arena({ label: title, size: SIZE, onDrawn: k ? undefined : handOver });
      return { kind, arena, element: h("figure", {}, h("h2", {}, title), arena.element) };
    });
    this.chart = new NormsChart(ctx, (step, { rest }) => this.film.player.go(this.frameAt("step", step), { rest }));
    this.numbers = figures(noNumbers(ctx, "gradient"));
    this.legend = createLegend(ctx, { arrows: false });
    const screen = h(
      "div",
      { class: "facing" },
      this.planes.map(({ element }) => element),
      h("div", { class: "facing-chart" }, this.chart.element),
    );
    this.film = this.createFilm({
      name: "face",
      nameOf: () => "Training the discriminators",
      screen,
      label: "The generator stands still, step by step",
      filename: "gan-gradient.gif",
      clock: "step",
    });
    this.buildPanel();
  }

  buildPanel() {
    this.createParts();
    fill(this.ctx.main, this.film.host, this.legend.element);
    this.fillPanel(onDemand("Every figure", this.numbers));
  }

  update(changed) {
    this.showControls(changed);
    this.legend.update("non-saturating", "d");
    this.ask();
  }

  question({ start }) {
    return { start, steps: STEPS };
  }

  /** What the plane of the discriminator, or of the critic, shows at a frame. */
  scene(at, kind) {
    const { frames } = this.film.drawn;
    const read = readFrame(frames[at]);
    return {
      surface: read[kind],
      real: readFrame(frames[0]).real,
      made: read.made,
      colours: this.ctx.colours(),
      words: frames[at].told.caption,
    };
  }

  draw(at) {
    const { frames } = this.film.drawn;
    for (const { kind, arena } of this.planes) arena.show(this.scene(at, kind));
    this.chart.show(frames, at);
    this.numbers.set(frames[at].told.numbers);
  }

  shown(film) {
    const { stale } = this.film;
    for (const { arena } of this.planes) dim(arena.element, stale);
    this.film.host.hidden = this.legend.element.hidden = !film;
    this.origin.show(stale ? null : film);
    if (!film) this.numbers.set(noNumbers(this.ctx, "gradient"));
  }

  copies(at) {
    return this.planes.map(({ kind, arena }) => arena.copy(h("canvas"), this.scene(at, kind)));
  }

  table() {
    const { drawn } = this.film;
    if (!drawn) return null;
    const rows = drawn.frames.map((
      { step, norms, accuracy, apart },
    ) => [step, ...Object.keys(NAMES).map((loss) => norms[loss]), accuracy, apart]);
    return {
      name: "gan-gradient",
      rows: [[
        "step",
        ...Object.values(NAMES).map((name) => `gradient norm, ${name}`),
        "D is right",
        "critic: data − generated",
      ], ...rows],
    };
  }
}

export default {
  hint: "As the discriminators learn, what is left of the generator's gradient?",
  create: (ctx) => new Gradient(ctx),
};
