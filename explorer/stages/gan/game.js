/** The game: both players in the plane, their moves as a film, recorded or trained live. */

import { LARGE } from "../kit/image/pixels.js";
import { button, h } from "../kit/base/dom.js";
import { canBePlayed, limitWords, playedOn } from "../kit/base/moves.js";
import { createLegend } from "../kit/plane/legend.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { ARROWS, keysOf } from "./arena_legend.js";
import { GameMode, gameMode } from "./game_mode.js";

const ROUNDS = 2000;
const ON = 250;

class Game extends GameMode {
  nothing = "Click, tap or drag in the plane to paint points: they become the data, and the game begins.";
  placed = "round";

  build() {
    const { ctx } = this;
    const arena = new Arena({
      label: "The plane",
      size: LARGE,
      onDrawn: (canvas) => ctx.show("out", canvas),
      onPaint: (stroke) => this.addPoints(stroke),
      onRemove: () => this.setPoints(ctx.store.get().points.slice(0, -2)),
    });
    this.arenas = [arena];
    this.legend = createLegend(ctx);
    this.moves = [
      button("One D step", () => this.move("d")),
      button("One G step", () => this.move("g")),
      button(`Play ${ON} more`, () => this.playOn()),
    ];
    const side = h("div", { class: "beside-side" }, this.curves.element, this.legend.element);
    this.open({
      nameOf: () => "Playing",
      screen: h("div", { class: "beside game-screen" }, h("div", {}, arena.element), side),
      label: "The game, round by round",
      filename: "gan-game.gif",
    });
    ctx.main.append(h("div", { class: "row" }, this.moves));
  }

  addPoints(stroke) {
    const { points } = this.ctx.store.get();
    const { most } = this.ctx.fields.points;
    if (points.length + stroke.length <= 2 * most) this.setPoints([...points, ...stroke]);
    else this.ctx.say(`At most ${most} points: clear them to paint others.`);
  }

  setPoints(points) {
    this.ctx.store.commit({ ...this.declared.renews, points });
  }

  /** One step of one player, from the frame that is shown. */
  move(player) {
    const { moves } = this.drawn.frames[this.film.index];
    this.goOn(`${moves === "0" ? "" : moves}${player}`);
  }

  /** More rounds, from the frame that is shown. */
  playOn() {
    this.goOn(playedOn(this.drawn.frames[this.film.index].moves, ON, this.ctx.fields.moves));
  }

  goOn(moves) {
    const limits = this.ctx.fields.moves;
    const stays = moves === this.drawn.frames[this.film.index].moves;
    if (!canBePlayed(moves, limits) || stays) this.ctx.say(limitWords(limits));
    else this.ctx.store.commit({ moves, round: null });
  }

  /** A game that goes on stands at its end. */
  get plays() {
    return this.ctx.store.get().moves === null && super.plays;
  }

  more({ moves }) {
    return { moves: moves ?? String(ROUNDS) };
  }

  update(changed) {
    const state = this.ctx.store.get();
    this.arenas[0].setPainting(state.data === "painted");
    this.legend.show([...keysOf(state.loss, state.overlay), ARROWS]);
    super.update(changed);
    this.film.host.hidden = false;
  }

  /** The round of a frame, as the address has it. */
  stateOf(at) {
    return { round: at === this.last ? null : this.drawn.frames[at].round };
  }

  /** The frame at the round that the address says, or the nearest to it; the one on screen, where it is of that round. */
  get at() {
    const { round } = this.ctx.store.get();
    if (!this.drawn || round === null) return this.last;
    const { frames } = this.drawn;
    return frames[this.film.index]?.round === round ? this.film.index : this.curves.frameOf(round, frames);
  }

  steps() {
    const { frames } = this.drawn;
    return { ...super.steps(), place: (at) => (frames[at].moves || "0").replace(/([dg]+)/g, " $1 ").trim() };
  }

  scene(at) {
    const { data, points, overlay } = this.ctx.store.get();
    const { frames } = this.drawn;
    const { made, pulls, d, best } = readFrame(frames[at]);
    return {
      surface: overlay === "optimal" ? best : d,
      contours: overlay === "both" ? best : null,
      real: readFrame(frames[0]).real,
      made,
      pulls,
      painted: data === "painted" ? points : null,
      colours: this.ctx.colours(),
      words: frames[at].report.plane,
    };
  }

  arrived() {
    super.arrived();
    const { current, ctx } = this;
    this.curves.element.style.visibility = this.drawn ? "" : "hidden"; // it keeps its place
    if (!this.drawn) {
      this.arenas[0].show({ colours: ctx.colours(), painted: ctx.store.get().points, words: "empty" });
      this.numbers.set(this.heads);
    }
    for (const each of this.moves) each.disabled = !current?.done;
  }
}

export default gameMode(Game);
