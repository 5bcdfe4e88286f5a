/** Side by side: the visitor's points, and the families that learn them now, on one clock. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { askedFrames } from "../kit/film/asked.js";
import { createTries } from "../kit/lesson/tries.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { dim } from "../kit/panel/parts.js";
import { fromBase64, toBase64 } from "../kit/plane/tensors.js";
import { Arena } from "./arena.js";
import { Board, bytesOfDrawing, bytesOfLetters, textOfDrawing } from "./board.js";
import { createFamilies, createKnobs, createNumbers, createPresets, createTools } from "./panel.js";

const FEWEST = 5; // points of a drawing
const EMPTY = `Draw at least ${FEWEST} points on the board: the families learn them at once.`;
const LONG = "The drawing in this link cannot be read: it has more than 500 points, or is damaged.";
const LONGER = "This link is longer than 4 kB, and no drawing of the playground is. Its drawing is left out.";
const UNTRAINED = "Nothing has been trained here yet.";
const UNFINISHED = "The networks were not saved: this page was left. Save them again.";
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

/** The visitor's board: what is drawn there, letter by letter or by a stroke, and the way back. */
function drawingOf({ ctx, state }) {
  const { board: limits } = ctx.value();
  const before = signal([]); // states that can be had back

  /** A finished stroke is the drawing now. */
  function drew(bytes) {
    const { data, board, noise } = state;
    before.value = [...before.value, { data, board, noise }];
    ctx.store.commit({ data: "drawing", board: textOfDrawing(bytes) });
  }
  function undo() {
    const last = before.value.at(-1);
    before.value = before.value.slice(0, -1);
    if (last) ctx.store.commit(last);
  }
  const board = new Board({
    limits,
    tool: () => ctx.store.get(),
    onDrawn: drew,
    onUndo: undo,
    onFull: () => ctx.say(`A drawing holds at most ${limits.most} points.`),
    colours: () => ctx.colours(),
  });
  const bytes = computed(() => state.data === "drawing" ? bytesOfDrawing(state.board) : null);
  const isFew = computed(() => bytes.value !== null && bytes.value.length < 2 * FEWEST);
  return { board, bytes, isFew, before, drew, undo };
}

/** The question that the film on screen answers, and the film before it: signals, null before there are any. */
function answersOf({ drawn, current, request }) {
  const [of, earlier] = [signal(null), signal(null)];
  let latest = null;
  whenever(() => {
    const [film, isCurrent, asked] = [drawn.value, drawn.value === current.value, request.value];
    if (!film) of.value = null;
    if (!film || !isCurrent || film === latest?.film) return;
    if (latest) earlier.value = latest;
    latest = { film, of: asked };
    of.value = asked;
  });
  return { of, earlier };
}

/** The ends of the trainings that a changed setting took the place of: samples and looks, by family. */
function formerOf(now, of, earlier, learners) {
  const end = earlier?.film.frames.at(-1);
  const was = earlier?.of;
  const differs = (keys) => keys.some((key) => was[key] !== of[key]);
  if (!end || !of || differs(POINTS)) return { looks: {}, samples: {} };
  const isOther = ({ name }, k) => now.looks[name] && (differs(TRAINING) || was.knobs[k] !== of.knobs[k]);
  const names = learners.filter(isOther).map(({ name }) => name);
  const only = (all) => Object.fromEntries(names.map((name) => [name, all[name]]));
  return { looks: only(end.looks), samples: only(readFrame(end).samples) };
}

/** The latest density of each family at a moment; slow ones are computed now and then. */
const latestOf = (frames, at) => Object.assign({}, ...frames.slice(0, at + 1).map((frame) => readFrame(frame).shades));

function side(self) {
  const { ctx, state, declared } = self;
  const { learners, presets, board: limits } = ctx.value();
  refuse(ctx);
  const drawing = drawingOf(self);
  const { board, bytes, isFew, before } = drawing;
  const film = askedFrames(self, {
    nameOf: () => "Training",
    request: () =>
      isFew.value ? null : {
        ...requestOf(ctx, declared),
        board: bytes.value?.length ? toBase64(Uint8Array.from(bytes.value)) : null,
      },
  });
  const { drawn, current, frames, frame, shown, queue } = film;
  const { of, earlier } = answersOf(film);
  const isEarlier = computed(() => drawn.value !== null && drawn.value !== current.value);

  const arena = new Arena(ctx, { learners, view: limits.view, board });
  whenever(() => {
    const { learn } = state;
    untracked(() => arena.choose(learn));
  });
  /** Points on the board: a drawing, or those of the film on screen. */
  whenever(() => {
    const first = isEarlier.value ? null : frames.value[0];
    const points = first?.pictures.train ?? (bytes.value ?? []).map((byte) => board.toPlace(byte));
    const held = first?.pictures.held ?? NONE;
    board.show({ bytes: bytes.value, points, held, words: `${held.length / 2} of them are held out.` });
    arena.setCount((points.length + held.length) / 2);
  });
  whenever(() => arena.tiles.forEach(({ element }) => dim(element, isEarlier.value)));
  whenever(() => {
    if (!frame.value) return arena.clear();
    const { train: points, held } = frames.value[0].pictures;
    const { figure, shade } = state;
    arena.show({
      ...{ frame: frame.value, figure, shade, points, held, frames: frames.value, at: shown.value },
      samples: readFrame(frame.value).samples,
      former: formerOf(frame.value, of.value, earlier.value, learners),
      shades: latestOf(frames.value, shown.value),
    });
  });
  const numbers = createNumbers();
  whenever(() => numbers.set(frame.value));

  const player = film.player({
    ...{ screen: arena.element, dims: [] },
    label: "The training",
    filename: "playground.gif",
    framesPerSecond: 2, // 16 snapshots take eight seconds
    frames: 60,
    words: computed(() => frame.value && !isEarlier.value ? frame.value.report.words : ""),
    captionOf: ({ report }) => report.when,
    whereOf: ({ report }) => report.when,
  });
  player.root.classList.add("always");
  player.root.querySelector(".film-controls").append(queue.element);

  const cards = createPresets(ctx, presets, limits.view);
  const tools = createTools(ctx, {
    onUndo: drawing.undo,
    onClear: () => drawing.drew([]),
    onLetters: (text) => drawing.drew(bytesOfLetters(text, limits)),
    onGiven: (bytes) => drawing.drew(bytes),
  });
  const families = createFamilies(ctx, learners, limits.families);
  const knobs = createKnobs(ctx, learners);
  whenever(() => cards.set(state.data));
  whenever(() => tools.set(state, before.value.length > 0));
  for (const each of [families, knobs]) whenever(() => each.set(state));
  const breaks = createTries(self.given, declared.tries, "Break it");
  const empty = h("p", { class: "empty", hidden: () => !isFew.value }, EMPTY);

  return {
    ...{ main: player.host, above: [numbers, empty, tools, cards] },
    ...{ rare: [knobs.element, families.element, breaks], tries: null },
    ...{ ...film, of, leave: () => queue.leave() },
    hasResult: () => drawn.value !== null,
    along: (onWait) => takenAlong(ctx, of.peek(), onWait),
    table: () => drawn.value && tableOf(frames.value),
  };
}

/**
 * The networks of the training on screen as files; the server may have to train them again, and `onWait(seconds)` says
 * how long.
 * @param {Ctx} ctx @param {Record<string, unknown> | null} request @param {(seconds: number) => void} onWait
 */
function takenAlong(ctx, request, onWait) {
  const { promise, resolve } = Promise.withResolvers();
  if (!request) resolve({ error: UNTRAINED });
  else {
    const onEnd = ({ error, frames }) => {
      const [found] = frames;
      if (!found) return resolve({ error: error ?? UNFINISHED });
      const files = { ...found.texts, "model.safetensors": fromBase64(found.weights) };
      resolve({ name: "playground", files });
    };
    ctx.stream("take_trained", request, { onFrames: ({ left }) => onWait(left), onEnd });
  }
  return promise;
}

/** Says so where the link has a drawing that cannot be read. */
function refuse({ arrived, store, say }) {
  const asked = new URLSearchParams(arrived);
  if (asked.get("data") !== "drawing" || !asked.has("board") || store.get().board) return;
  say(arrived.length > LONGEST ? LONGER : LONG);
}

/** Measurements of each family, frame by frame. */
function tableOf(frames) {
  const rows = frames.flatMap(({ time, limit, looks }) =>
    Object.entries(looks).map(([name, look]) => [time, name, limit, ...Object.keys(COLUMNS).map((key) => look[key])])
  );
  const head = ["time", "family", "limit of the distance under chance", ...Object.values(COLUMNS)];
  return { name: "playground", rows: [head, ...rows] };
}

export default mode(side, { hint: "Draw on the board, or take a preset" });
