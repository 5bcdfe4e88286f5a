/** Side by side: the visitor's points, and the families that learn them now, on one clock. */

import { GameFilm, OfGameFilm } from "../kit/film/game_film.js";
import { fromBase64, toBase64 } from "../kit/plane/tensors.js";
import { createSeen, dim, empty, fillPanel } from "../kit/panel/parts.js";
import { createControls } from "../kit/panel/controls.js";
import { createTries } from "../kit/lesson/tries.js";
import { Arena } from "./arena.js";
import { Board, bytesOfDrawing, bytesOfLetters, textOfDrawing } from "./board.js";
import { createFamilies, createKnobs, createNumbers, createPresets, createTools } from "./panel.js";

const FEWEST = 5; // points of a drawing
const EMPTY = `Draw at least ${FEWEST} points on the board: the families learn them at once.`;
const LONG = "The drawing in this link cannot be read: it has more than 500 points, or is damaged.";
const LONGER = "This link is longer than 4 kB, and no drawing of the playground is. Its drawing is left out.";
const LONGEST = 4_096;
const POINTS = ["data", "board", "noise", "n", "seed"];
const TRAINING = ["steps", "clock", "width", "deeper", "rate", "batch"];
const NONE = new Float32Array();
const known = new WeakMap();

/** Equal parts of an array, by the names of whose they are. */
const partsOf = (array, names) => {
  const size = array.length / Math.max(1, names.length);
  return Object.fromEntries(names.map((name, k) => [name, array.subarray(k * size, (k + 1) * size)]));
};

/** The samples and the densities in a frame, by family, read once. */
function readFrame(frame) {
  if (!known.has(frame)) {
    const shades = partsOf(fromBase64(frame.shades), frame.shaded);
    known.set(frame, { samples: partsOf(frame.x, frame.drawn), shades });
  }
  return known.get(frame);
}

/** Columns of the saved table, by figure. */
const COLUMNS = {
  steps: "steps",
  cost: "seconds a step",
  loss: "training loss",
  distance: "squared energy distance",
  distance_se: "its standard error",
  memorised: "copies, share",
  astray: "astray, share",
  modes: "modes",
  missed: "modes missed",
  nll: "negative log p, nats",
  kl: "KL, nats",
  kl_error: "numerical error of KL, nats",
  back: "reverse KL, nats",
};

class Side extends OfGameFilm {
  constructor(ctx) {
    super();
    const { learners, presets, board } = ctx.value();
    Object.assign(this, { ctx, learners, presets, limits: board, before: [] });
    this.build();
    this.refuse();
  }

  build() {
    const { ctx, learners, limits } = this;
    this.board = new Board({
      limits,
      tool: () => ctx.store.get(),
      onDrawn: (bytes) => this.drew(bytes),
      onUndo: () => this.undo(),
      onFull: () => ctx.say(`A drawing holds at most ${limits.most} points.`),
      colours: () => ctx.colours(),
    });
    this.arena = new Arena(ctx, { learners, view: limits.view, board: this.board });
    this.film = new GameFilm(ctx, {
      name: "learn_live",
      nameOf: () => "Training",
      screen: this.arena.element,
      label: "The training",
      filename: "playground.gif",
      steps: (film) => this.steps(film),
      placeOf: ({ frames, total }) => Math.min(frames.length - 1, Math.round(ctx.store.get().at * (total - 1))),
      onRest: ({ frames, total }, at, rest) =>
        ctx.store.set({ at: at === frames.length - 1 ? 1 : at / (total - 1) }, { commit: rest }),
      onShow: (film) => this.shown(film),
      tell: (moving) => this.tell(moving),
      estimates: true,
    });
    this.film.player.root.classList.add("always");
    this.film.player.root.querySelector(".film-controls").append(this.film.queue.element);
    ctx.main.append(this.film.host);
    this.buildPanel();
  }

  buildPanel() {
    const { ctx, learners, limits } = this;
    this.empty = empty(EMPTY);
    this.numbers = createNumbers();
    this.cards = createPresets(ctx, this.presets, limits.view);
    this.tools = createTools(ctx, {
      onUndo: () => this.undo(),
      onClear: () => this.drew([]),
      onLetters: (text) => this.drew(bytesOfLetters(text, limits)),
    });
    this.families = createFamilies(ctx, learners, limits.families);
    const declared = ctx.value().panels.side;
    this.knobs = createKnobs(ctx, learners);
    this.controls = createControls(ctx, declared, [
      this.knobs.element,
      this.families.element,
      createTries(ctx, declared.tries, "Break it"),
    ]);
    this.seen = createSeen();
    fillPanel(
      ctx,
      this.numbers.element,
      this.seen.element,
      this.empty,
      this.tools.element,
      this.cards.element,
      this.controls.element,
    );
  }

  /** Says so where the link has a drawing that cannot be read. */
  refuse() {
    const { arrived, store } = this.ctx;
    const asked = new URLSearchParams(arrived);
    if (asked.get("data") !== "drawing" || !asked.has("board") || store.get().board) return;
    this.ctx.say(arrived.length > LONGEST ? LONGER : LONG);
  }

  // the board

  /** A finished stroke is the drawing now; the state before it can be had back. */
  drew(bytes) {
    const { data, board, noise } = this.ctx.store.get();
    this.before.push({ data, board, noise });
    this.ctx.store.commit({ data: "drawing", board: textOfDrawing(bytes) });
  }

  undo() {
    const last = this.before.pop();
    if (last) this.ctx.store.commit(last);
  }

  /** Points on the board: a drawing, or those of the film on screen. */
  showBoard() {
    const { data, board } = this.ctx.store.get();
    const bytes = data === "drawing" ? bytesOfDrawing(board) : null;
    const first = this.film.stale ? null : this.film.drawn?.frames[0];
    const points = first?.pictures.train ?? (bytes ?? []).map((byte) => this.board.toPlace(byte));
    const held = first?.pictures.held ?? NONE;
    this.board.show({ bytes, points, held, words: `${held.length / 2} of them are held out.` });
    this.arena.setCount((points.length + held.length) / 2);
  }

  // the film

  request() {
    const { data, board } = this.ctx.store.get();
    const bytes = data === "drawing" ? bytesOfDrawing(board) : [];
    return { ...this.controls.request(), board: bytes.length ? toBase64(Uint8Array.from(bytes)) : null };
  }

  ask() {
    const { data, board } = this.ctx.store.get();
    const few = data === "drawing" && bytesOfDrawing(board).length < 2 * FEWEST;
    this.empty.hidden = !few;
    this.film.want(few ? null : this.request());
    this.film.show();
  }

  steps({ frames }) {
    return {
      show: (at) => this.draw(at),
      place: (at) => frames[at].report.when,
      caption: (at) => frames[at].report.when,
    };
  }

  draw(at) {
    const { frames } = this.film.drawn;
    const { figure, shade } = this.ctx.store.get();
    const frame = frames[at];
    this.arena.show({
      ...{ frame, figure, shade, points: frames[0].pictures.train, held: frames[0].pictures.held },
      frames,
      at,
      samples: readFrame(frame).samples,
      former: this.former(frame),
      shades: this.latest(frames, at),
    });
    this.numbers.set(frame);
  }

  /** The ends of the trainings that a changed setting took the place of: samples and looks, by family. */
  former(now) {
    const { drawn, of } = this.film;
    if (this.latestFilm && this.latestFilm.drawn !== drawn) this.earlier = this.latestFilm;
    this.latestFilm = { drawn, of };
    const [end, was] = [this.earlier?.drawn.frames.at(-1), this.earlier?.of];
    const differs = (keys) => keys.some((key) => was[key] !== of[key]);
    if (!end || differs(POINTS)) return { looks: {}, samples: {} };
    const isOther = ({ name }, k) => now.looks[name] && (differs(TRAINING) || was.knobs[k] !== of.knobs[k]);
    const names = this.learners.filter(isOther).map(({ name }) => name);
    const only = (all) => Object.fromEntries(names.map((name) => [name, all[name]]));
    return { looks: only(end.looks), samples: only(readFrame(end).samples) };
  }

  /** The latest density of each family at a moment; slow ones are computed now and then. */
  latest(frames, at) {
    return Object.assign({}, ...frames.slice(0, at + 1).map((frame) => readFrame(frame).shades));
  }

  shown(film) {
    this.showBoard();
    for (const { element } of this.arena.tiles) dim(element, this.film.stale);
    if (film) return;
    this.arena.clear();
    this.numbers.set(null);
  }

  words(frame) {
    return frame.report.words;
  }

  update(changed) {
    const state = this.ctx.store.get();
    this.cards.set(state.data);
    this.tools.set(state, this.before.length > 0);
    this.families.set(state);
    this.knobs.set(state);
    this.controls.update();
    this.arena.choose(state.learn);
    this.ask();
    if (this.film.drawn && (changed.has("figure") || changed.has("shade"))) this.draw(this.film.player.index);
  }

  // what a visitor keeps

  table() {
    const { drawn } = this.film;
    if (!drawn) return null;
    const rows = drawn.frames.flatMap(({ time, limit, looks }) =>
      Object.entries(looks).map(([name, look]) => [time, name, limit, ...Object.keys(COLUMNS).map((key) => look[key])])
    );
    return {
      name: "playground",
      rows: [["time", "family", "limit of the distance under chance", ...Object.values(COLUMNS)], ...rows],
    };
  }
}

export default {
  hint: "Draw on the board, or take a preset",
  create: (ctx) => new Side(ctx),
};
