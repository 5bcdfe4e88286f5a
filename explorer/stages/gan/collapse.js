/** Mode collapse: the three losses at a grid of settings, and the same seeds under each of them, on one clock. */

import { Chart } from "../kit/chart/chart.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { dim, keySegments, numberTable, onDemand } from "../kit/shell/parts.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { createLegend } from "./arena_legend.js";
import { PlanesMode } from "./game_mode.js";
import { dashOf, NAMES, sampleOf, withLosses } from "./losses.js";
import { SettingsGrid } from "./settings_grid.js";

const SIZE = 250;
const CHART_HEIGHT = 92;
const ROUNDS = 2000;
const SEEDS = 5;

class Collapse extends PlanesMode {
  get mode() {
    return "collapse";
  }

  build() {
    const { ctx } = this;
    const handOver = (canvas) => ctx.show("out", canvas);
    this.lanes = Object.keys(NAMES).map((loss, k) => {
      const arena = new Arena({ label: NAMES[loss], size: SIZE, onDrawn: k ? undefined : handOver });
      const words = h("figcaption");
      const mark = h("span", { class: "arena-mark", "aria-hidden": "true" }, sampleOf(loss));
      return {
        loss,
        arena,
        words,
        mark,
        element: h("figure", {}, h("h2", {}, mark, NAMES[loss]), arena.element, words),
      };
    });
    const chart = (label) =>
      new Chart({ colours: () => withLosses(ctx.colours()) }, {
        label,
        height: CHART_HEIGHT,
        onMove: (round, { rest }) => this.film.player.go(this.frameAt("round", round), { rest }),
      });
    this.charts = { modes: chart("Modes covered over rounds"), divergence: chart("Divergence over rounds") };
    this.legend = createLegend(ctx, { arrows: false, surface: false });
    const charts = h("div", { class: "lanes-charts result" }, Object.values(this.charts).map(({ element }) => element));
    const screen = h("div", { class: "lanes" }, this.lanes.map(({ element }) => element), charts);
    this.film = this.createFilm({
      name: "race",
      nameOf: () => "Three losses, five seeds each",
      screen,
      label: "Three losses, round by round",
      filename: "gan-collapse.gif",
      clock: "round",
    });
    this.buildPanel();
  }

  buildPanel() {
    const { ctx, film } = this;
    const { grid } = ctx.value();
    this.seed = keySegments(ctx, "tap", "Seed that is shown", Array.from({ length: SEEDS }, (_, k) => [k, ""]));
    const shown = h("div", { class: "row" }, h("span", { class: "quiet" }, "Seed shown"), this.seed);
    this.createParts({ rare: [shown] });
    this.counts = h("div", { class: "scrolls" });
    this.grid = grid &&
      new SettingsGrid(
        grid,
        (settings) =>
          ctx.store.commit({
            ...{ ...this.declared.renews, data: grid.data, gseed: grid.seed, spectral: false },
            ...settings,
          }),
      );
    const known = grid &&
      onDemand(
        "What the cells say",
        h("p", { class: "note" }, grid.words),
        numberTable("The same figures of points whose faults are known", grid.faults.head, grid.faults.rows),
      );
    const measured = grid && h("p", { class: "note" }, grid.title);
    fill(ctx.main, h("div", { class: "lanes-main" }, measured, this.grid?.element, film.host));
    this.fillPanel([this.legend.element, onDemand("Every seed", this.counts), known]);
  }

  get watched() {
    return Math.min(SEEDS - 1, this.ctx.store.get().tap);
  }

  update(changed) {
    const state = this.ctx.store.get();
    this.showControls(changed);
    [...this.seed.children].forEach((each, k) => setText(each, String(state.gseed + k)));
    this.seed.set(this.watched);
    const colours = withLosses(this.ctx.colours());
    this.grid?.mark(state, colours);
    this.legend.update();
    for (const { loss, mark } of this.lanes) mark.style.color = colours[loss];
    this.ask();
  }

  question({ spectral }) {
    return { spectral, rounds: ROUNDS };
  }

  /** What the plane of a loss shows at a frame. */
  scene(at, loss) {
    const { frames } = this.film.drawn;
    const { made } = readFrame(frames[at]);
    const size = made.length / (Object.keys(NAMES).length * SEEDS);
    const from = (Object.keys(NAMES).indexOf(loss) * SEEDS + this.watched) * size;
    return {
      real: readFrame(frames[0]).real,
      made: made.subarray(from, from + size),
      colours: this.ctx.colours(),
      words: frames[at].told.planes[loss][this.watched],
    };
  }

  draw(at) {
    const { frames } = this.film.drawn;
    const { of } = frames[at];
    for (const { loss, arena, words } of this.lanes) {
      const scene = this.scene(at, loss);
      arena.show(scene);
      setText(words, scene.words);
    }
    this.charts.modes.element.hidden = of === null;
    if (of !== null) this.drawChart(this.charts.modes, "modes", at, [0, of], "modes covered, a line a seed");
    this.drawChart(this.charts.divergence, "divergence", at, [0, Math.LN2], "JS divergence from the data, nats");
    const { head, rows } = frames[at].told.seeds;
    fill(this.counts, numberTable("Every seed", head, rows));
  }

  drawChart(chart, key, at, ys, name) {
    const { frames } = this.film.drawn;
    const end = Math.max(1, frames.at(-1).round);
    const lines = Object.keys(NAMES).flatMap((loss) =>
      Array.from({ length: SEEDS }, (_, k) => ({
        points: frames.map((frame) => [frame.round, frame[key][loss][k]]),
        colour: loss,
        dash: dashOf(loss),
        width: k === this.watched ? 2.5 : 1,
      }))
    );
    chart.show({
      xs: [0, end],
      ys,
      ticks: { x: [0, end], y: [ys[0], ys[1] / 2, ys[1]] },
      name,
      lines,
      cursor: frames[at].round,
      words: frames[at].told.words,
    });
  }

  shown(film) {
    const { stale } = this.film;
    for (const { arena } of this.lanes) dim(arena.element, stale);
    this.origin.show(stale ? null : film);
    if (!film) fill(this.counts);
  }

  copies(at) {
    return this.lanes.map(({ loss, arena }) => arena.copy(h("canvas"), this.scene(at, loss)));
  }

  table() {
    const { drawn } = this.film;
    if (!drawn) return null;
    const { gseed } = this.film.of;
    const each = ({ round, modes, near, divergence }) =>
      Object.keys(NAMES).flatMap((loss) =>
        near[loss].map((share, k) => [round, loss, gseed + k, modes[loss]?.[k], share, divergence[loss][k]])
      );
    return {
      name: "gan-collapse",
      rows: [
        ["round", "loss", "seed", "modes covered", "share within 3 sigma", "JS divergence, nats"],
        ...drawn.frames.flatMap(each),
      ],
    };
  }
}

export default {
  hint: "Choose a cell: which modes are lost?",
  create: (ctx) => new Collapse(ctx),
};
