/** The game: both players in the plane, their moves as a film, recorded or trained live. */

import { Chart } from "../kit/chart/chart.js";
import { headline } from "../kit/shell/more.js";
import { button, fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { canBePlayed, limitWords, playedOn } from "../kit/shell/moves.js";
import { dim } from "../kit/shell/parts.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { createLegend } from "./arena_legend.js";
import { GameFilm } from "../kit/film/game_film.js";
import { GameMode, noNumbers } from "./game_mode.js";
import { NO_POINTS } from "./game_rules.js";

const SIZE = 480;
const CHART_HEIGHT = 220;
const ROUNDS = 2000;
const ON = 250;

class Game extends GameMode {
  get mode() {
    return "game";
  }

  build() {
    const { ctx } = this;
    this.arena = new Arena({
      label: "The plane",
      size: SIZE,
      onDrawn: (canvas) => ctx.show("out", canvas),
      onPaint: (stroke) => this.paint(stroke),
      onRemove: () => this.setPoints(ctx.store.get().points.slice(0, -2)),
    });
    this.chart = new Chart(ctx, {
      label: "Losses over rounds",
      height: CHART_HEIGHT,
      onMove: (round, { rest }) => this.film.player.go(this.frameAt(round), { rest }),
    });
    this.numbers = headline(noNumbers(ctx, "game"), 5);
    this.legend = createLegend(ctx);
    const side = h("div", { class: "beside-side" }, this.chart.element, this.numbers, this.legend.element);
    const screen = h("div", { class: "beside game-screen" }, h("div", {}, this.arena.element), side);
    this.film = new GameFilm(ctx, {
      name: "play",
      nameOf: () => "Playing",
      screen,
      label: "The game, round by round",
      filename: "gan-game.gif",
      steps: (film) => this.steps(film),
      placed: "round",
      placeOf: (film, index) => this.placeOf(film, index),
      onRest: ({ frames }, at, rest) =>
        ctx.store.set({ round: at === frames.length - 1 ? null : frames[at].round }, { commit: rest }),
      onShow: (film) => this.shown(film),
      tell: (moving) => this.tell(moving),
    });
    this.buildPanel();
  }

  buildPanel() {
    const { ctx, film } = this;
    this.createParts({ points: NO_POINTS });
    this.moves = [
      button("One D step", () => this.move("d")),
      button("One G step", () => this.move("g")),
      button(`Play ${ON} more`, () => this.playOn()),
    ];
    fill(ctx.main, film.host, h("div", { class: "row" }, this.moves));
    this.fillPanel();
  }

  paint(stroke) {
    const { points } = this.ctx.store.get();
    const { most } = this.ctx.fields.points;
    if (points.length + stroke.length > 2 * most) {
      return this.ctx.say(`At most ${most} points: clear them to paint others.`);
    }
    this.setPoints([...points, ...stroke]);
  }

  setPoints(points) {
    this.ctx.store.commit({ ...this.declared.renews, points });
  }

  /** One step of one player, from the frame that is shown. */
  move(player) {
    const frame = this.current;
    if (frame) this.goOn(`${frame.moves === "0" ? "" : frame.moves}${player}`);
  }

  /** More rounds, from the frame that is shown. */
  playOn() {
    const frame = this.current;
    if (frame) this.goOn(playedOn(frame.moves, ON, this.ctx.fields.moves));
  }

  goOn(moves) {
    const limits = this.ctx.fields.moves;
    if (!canBePlayed(moves, limits) || moves === this.current.moves) this.ctx.say(limitWords(limits));
    else this.ctx.store.commit({ moves, round: null });
  }

  /** The frame from which a visitor may play on. */
  get current() {
    return this.film.stale ? null : this.film.frame;
  }

  update(changed) {
    const state = this.ctx.store.get();
    this.showControls(changed);
    this.arena.setPainting(state.data === "painted");
    this.legend.update(state.loss, state.overlay);
    this.ask();
  }

  question({ loss, spectral, moves }) {
    return { loss, spectral, moves: moves ?? String(ROUNDS) };
  }

  /** The frame at the round that the state asks for; the one on screen, where it is of that round. */
  placeOf({ frames }, index) {
    const { round } = this.ctx.store.get();
    if (round === null) return frames.length - 1;
    return frames[index]?.round === round ? index : this.nearest(frames, round);
  }

  nearest(frames, round) {
    const away = frames.map((frame) => Math.abs(frame.round - round));
    return away.lastIndexOf(Math.min(...away));
  }

  frameAt(round) {
    return this.nearest(this.film.drawn.frames, round);
  }

  steps({ frames }) {
    return {
      show: (at) => this.draw(at),
      draw: (canvas, at) => this.arena.copy(canvas, this.scene(at)),
      place: (at) => (frames[at].moves || "0").replace(/([dg]+)/g, " $1 ").trim(),
      caption: (at) => frames[at].told.caption,
    };
  }

  /** What the plane shows at a frame. */
  scene(at) {
    const state = this.ctx.store.get();
    const { frames } = this.film.drawn;
    const { made, pulls, d, best } = readFrame(frames[at]);
    const { overlay } = state;
    return {
      surface: overlay === "optimal" ? best : d,
      contours: overlay === "both" ? best : null,
      real: readFrame(frames[0]).real,
      made,
      pulls,
      painted: state.data === "painted" ? state.points : null,
      colours: this.ctx.colours(),
      words: frames[at].told.plane,
    };
  }

  draw(at) {
    const { frames } = this.film.drawn;
    this.arena.show(this.scene(at));
    this.numbers.set(frames[at].told.numbers);
    this.drawChart(frames, at);
  }

  drawChart(frames, at) {
    const told = frames.filter(({ loss_d }) => loss_d !== null);
    const lineOf = (key) => told.filter((frame) => frame[key] !== null).map((frame) => [frame.round, frame[key]]);
    const values = told.flatMap(({ loss_d, loss_g }) => [loss_d, loss_g ?? loss_d]);
    const [low, high] = [Math.min(0, ...values), Math.max(0.1, ...values)];
    const end = Math.max(1, frames.at(-1).round);
    this.chart.show({
      xs: [0, end],
      ys: [low, high],
      ticks: { x: [0, end], y: [...new Set([low, 0, high].map((value) => Number(value.toPrecision(2))))] },
      name: "loss of  — D   ┄ G",
      lines: [{ points: lineOf("loss_d"), colour: "ink", width: 1.5 }, {
        points: lineOf("loss_g"),
        colour: "ink",
        width: 1.5,
        dash: [4, 3],
      }],
      cursor: frames[at].round,
      words: `of D ${num(frames[at].loss_d, 3)}, of G ${num(frames[at].loss_g, 3)} at round ${frames[at].round}`,
    });
  }

  shown(film) {
    const { stale } = this.film;
    this.chart.element.hidden = !film;
    if (!film) {
      this.arena.show({ colours: this.ctx.colours(), painted: this.ctx.store.get().points, words: "empty" });
      this.numbers.set(noNumbers(this.ctx, "game"));
    }
    dim(this.arena.element, stale);
    this.origin.show(stale ? null : film);
    for (const each of this.moves) each.disabled = stale || !film?.done;
  }

  picture() {
    return this.film.drawn ? this.arena.copy() : null;
  }

  table() {
    const { drawn } = this.film;
    if (!drawn) return null;
    const keys = [
      "moves",
      "round",
      "steps_d",
      "steps_g",
      "loss_d",
      "loss_g",
      "gradient",
      "modes",
      "near",
      "divergence",
      "gap",
    ];
    return { name: "gan-game", rows: [keys, ...drawn.frames.map((frame) => keys.map((key) => frame[key]))] };
  }
}

export default {
  hint: "Scrub, or change a rule",
  create: (ctx) => new Game(ctx),
};
