/** Mode collapse: the same seeds, data and networks under three losses, on one clock. */

import { Chart } from "../shared/chart.js";
import { fill, h, setText } from "../shared/dom.js";
import { dim, numberTable, segmented } from "../shared/parts.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { createLegend } from "./arena_legend.js";
import { PlanesMode } from "./game_mode.js";
import { renewed } from "./game_rules.js";
import { modesOf } from "./game_words.js";
import { dashOf, sampleOf, withLosses } from "./losses.js";
import { laneWords, NAMES, raceRows, raceSeen, raceWords } from "./race_words.js";

const SIZE = 244;
const CHART_HEIGHT = 132;
const ROUNDS = 600;
const SEEDS = 5;
const SETTINGS = ["data", "points", "spectral", "dsteps", "lrd", "lrg", "gseed"];
const TRIES = [
  ["With spectral norm", renewed({ data: "ring", spectral: true })],
  ["D no faster than G", renewed({ data: "ring", spectral: false, lrd: 0.001 })],
  ["One step of D a round", renewed({ data: "ring", spectral: false, dsteps: 1 })],
];

class Collapse extends PlanesMode {
  build() {
    const { ctx } = this;
    this.lanes = Object.keys(NAMES).map((loss) => {
      const arena = new Arena({ label: NAMES[loss], size: SIZE });
      const words = h("figcaption", {});
      const mark = h("span", { class: "arena-mark", "aria-hidden": "true" }, sampleOf(loss));
      return { loss, arena, words, mark, element: h("figure", {}, h("h2", {}, mark, NAMES[loss]), arena.element, words) };
    });
    const chart = (label) => new Chart({ colours: () => withLosses(ctx.colours()) }, { label, height: CHART_HEIGHT, onMove: (round, { rest }) => this.film.player.go(this.frameAt("round", round), { rest }) });
    this.charts = { modes: chart("Modes covered over rounds"), good: chart("Share of points near a mode over rounds") };
    this.legend = createLegend(ctx, { arrows: false, surface: false });
    const charts = h("div", { class: "race-charts" }, this.charts.modes.element, this.charts.good.element);
    const screen = h("div", { class: "race" }, this.lanes.map(({ element }) => element), charts);
    this.film = this.createFilm({
      name: "race",
      nameOf: () => "Three losses, five seeds each",
      screen,
      label: "Three losses, round by round",
      filename: "gan-collapse.gif",
      clock: "round",
      words: raceWords,
    });
    this.buildPanel();
  }

  buildPanel() {
    const { ctx, film } = this;
    this.createParts();
    this.seed = segmented("Seed that is shown", Array.from({ length: SEEDS }, (_, k) => [k, ""]), (tap) => ctx.store.set({ tap }, { commit: true }));
    this.counts = h("div", {});
    fill(ctx.main, film.host, this.legend.element);
    const shown = h("div", { class: "row" }, h("span", { class: "quiet" }, "Seed shown"), this.seed);
    this.fillPanel([this.data.element, shown, this.rules.element], { more: this.counts, tries: TRIES });
  }

  get watched() {
    return Math.min(SEEDS - 1, this.ctx.store.get().tap);
  }

  update(changed) {
    const state = this.ctx.store.get();
    if (SETTINGS.some((key) => changed.has(key))) this.live = false;
    for (const part of [this.data, this.rules]) part.update();
    [...this.seed.children].forEach((each, k) => setText(each, String(state.gseed + k)));
    this.seed.set(this.watched);
    this.legend.update();
    const colours = withLosses(this.ctx.colours());
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
    return { real: readFrame(frames[0]).real, made: made.subarray(from, from + size), colours: this.ctx.colours(), words: laneWords(frames[at], loss, this.watched, this.ctx.store.get()) };
  }

  draw(at) {
    const state = this.ctx.store.get();
    const { frames } = this.film.drawn;
    for (const { loss, arena, words } of this.lanes) {
      const scene = this.scene(at, loss);
      arena.show(scene);
      setText(words, scene.words.split(": ")[1]);
    }
    this.drawChart(this.charts.modes, "modes", at, [0, modesOf(state)], "modes covered, a line a seed");
    this.drawChart(this.charts.good, "good", at, [0, 1], "share of points near a mode");
    if (this.film.player.timer) return;
    this.seen(raceSeen(frames[at], state));
    fill(this.counts, numberTable("Modes covered", ...raceRows(frames[at], state)));
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
      })),
    );
    chart.show({ xs: [0, end], ys, ticks: { x: [0, end], y: [ys[0], ys[1] / 2, ys[1]] }, name, lines, cursor: frames[at].round, words: raceSeen(frames[at], this.ctx.store.get()) });
  }

  shown(film) {
    const { stale } = this.film;
    for (const { arena } of this.lanes) dim(arena.element, stale);
    this.origin.show(stale ? null : film);
    const { frame, player } = this.film;
    if (frame && !stale && !player.timer) this.ctx.describe(raceSeen(frame, this.ctx.store.get()));
  }

  copies(at) {
    return this.lanes.map(({ loss, arena }) => arena.copy(h("canvas"), this.scene(at, loss)));
  }

  table() {
    const { drawn } = this.film;
    if (!drawn) return null;
    const { gseed } = this.ctx.store.get();
    const each = ({ round, modes, good }) => Object.keys(NAMES).flatMap((loss) => modes[loss].map((count, k) => [round, loss, gseed + k, count, good[loss][k]]));
    return { name: "gan-collapse", rows: [["round", "loss", "seed", "modes covered", "share near a mode"], ...drawn.frames.flatMap(each)] };
  }
}

export default {
  id: "collapse",
  title: "Mode collapse",
  hint: "The same seeds, data and networks under three losses: play, and watch which heaps are lost",
  create: (ctx) => new Collapse(ctx),
};
