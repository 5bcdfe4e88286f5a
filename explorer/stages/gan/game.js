/** The game: both players in the plane, their moves as a film, recorded or trained live. */

import { button, h, setText } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { untracked } from "../kit/base/vendor/signals-core.js";
import { canBePlayed, limitWords, playedOn } from "../kit/base/moves.js";
import { LARGE } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { createLegend } from "../kit/plane/legend.js";
import { Arena } from "./arena.js";
import { readFrame } from "./arena_data.js";
import { ARROWS, keysOf } from "./arena_legend.js";
import { gameFilm } from "./game_film.js";

const ROUNDS = 2000;
const ON = 250;
const NOTHING = "Click, tap or drag in the plane to paint points: they become the data, and the game begins.";

/** Draws the points that a visitor paints, if so many may be. */
function painting({ ctx, state, declared }) {
  const set = (points) => ctx.store.commit({ ...declared.renews, points });
  function onPaint(stroke) {
    const { most } = ctx.fields.points;
    if (state.points.length + stroke.length <= 2 * most) set([...state.points, ...stroke]);
    else ctx.say(`At most ${most} points: clear them to paint others.`);
  }
  return { onPaint, onRemove: () => set(state.points.slice(0, -2)) };
}

/** Round from which single moves went on; null for the last round of the game. @param {string} moves */
function roundBefore(moves) {
  const rounds = Number.parseInt(moves) || 0;
  return rounds < ROUNDS ? rounds : null;
}

/** Buttons that go on with the game from the frame that is shown, and lead back to its rounds. */
function moving({ ctx, state }, { frame, current, frames }) {
  const limits = ctx.fields.moves;
  function goOn(moves) {
    if (!canBePlayed(moves, limits) || moves === frame.value.moves) ctx.say(limitWords(limits));
    else ctx.store.commit({ moves, round: null });
  }
  const stepOf = (player) => () => goOn(`${frame.value.moves === "0" ? "" : frame.value.moves}${player}`);
  const moves = [
    button("One D step", stepOf("d")),
    button("One G step", stepOf("g")),
    button(`Play ${ON} more`, () => goOn(playedOn(frame.value.moves, ON, limits))),
  ];
  const back = button("", () => ctx.store.commit({ moves: null, round: roundBefore(state.moves) }));
  whenever(() => {
    setText(back, frames.value[0]?.recorded ? "Recorded rounds" : `All ${ROUNDS.toLocaleString("en")} rounds`);
    back.hidden = state.moves === null;
    for (const each of moves) each.disabled = !current.value?.done;
  });
  return h("div", { class: "row" }, moves, back);
}

function game(self) {
  const { ctx, state } = self;
  const film = gameFilm(self, {
    nameOf: () => "Playing",
    more: () => ({ moves: state.moves ?? String(ROUNDS) }),
    nothing: NOTHING,
  });
  const { frame, frames, curves, numbers, heads } = film;
  const arena = new Arena({
    label: "The plane",
    size: LARGE,
    onDrawn: (canvas) => ctx.show("out", canvas),
    ...painting(self),
  });
  whenever(() => arena.setPainting(state.data === "painted"));
  const legend = createLegend(ctx);
  whenever(() => legend.show([...keysOf(state.loss, state.overlay), ARROWS]));

  function scene() {
    const { data, points, overlay } = state;
    if (!frame.value) return { colours: ctx.colours(), painted: points, words: "empty" };
    const { made, pulls, d, best } = readFrame(frame.value);
    return {
      surface: overlay === "optimal" ? best : d,
      contours: overlay === "both" ? best : null,
      real: readFrame(frames.value[0]).real,
      ...{ made, pulls },
      painted: data === "painted" ? points : null,
      colours: ctx.colours(),
      words: frame.value.report.plane,
    };
  }
  whenever(() => {
    curves.element.style.visibility = frame.value ? "" : "hidden"; // it keeps its place
    if (!frame.value) untracked(() => numbers.set(heads));
  });

  /** Stands at a round; a game that goes on stands at its end. */
  const place = ({ plays }) => ({
    plays: () => state.moves === null && plays(),
    stateOf: (at) => ({ round: at === frames.value.length - 1 ? null : frames.value[at].round }),
    indexOf(round, _, shown) {
      if (round === null) return frames.value.length - 1;
      return frames.value[shown]?.round === round ? shown : curves.frameOf(round, frames.value);
    },
  });
  const side = h("div", { class: "beside-side" }, curves.element, legend.element);
  const { main, ...made } = film.play({
    ...{ arenas: [arena], scene, place, key: "round" },
    screen: h("div", { class: "beside game-screen" }, h("div", {}, arena.element), side),
    whereOf: ({ moves }) => (moves || "0").replace(/([dg]+)/g, " $1 ").trim(),
    label: "The game, round by round",
    filename: "gan-game.gif",
  });
  return { main: [main, moving(self, film)], placed: "round", ...made };
}

export default mode(game);
