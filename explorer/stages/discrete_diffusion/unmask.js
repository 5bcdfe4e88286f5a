/**
 * Unmask: an image comes out of nothing but masks, each pixel with the distribution that it was drawn from; set one
 * otherwise, and the rest is drawn again from there.
 */

import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { askedFilm } from "../kit/film/asked_film.js";
import { Board } from "../kit/image/board.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { takeNet } from "../kit/panel/take_net.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats16 } from "../kit/plane/tensors.js";
import { createBet } from "./bet.js";

const MARKED = 16; // new pixels at most that have rings
const KEYS = [
  ["■", "masked", () => "#808080"],
  ["□", "drawn last", ({ you }) => you],
  ["•", "set by you", ({ you }) => you],
];

/** A frame's probabilities of white, 784 of them; read once. */
const probabilities = (frame) => (frame.white ??= floats16(frame.p));

/** The pixels that a visitor has set `over` the film by a frame. */
function givenBy(frame, over) {
  const set = over.map((each) => [Math.floor(each / 2 / PIXELS), Math.floor(each / 2) % PIXELS]);
  return set.filter(([step]) => step <= frame.index).map(([, pixel]) => pixel);
}

/** Stands at a share of the way, 1 for the end, there or not yet. */
function place() {
  const ends = ({ total }) => Math.max(1, total - 1);
  return {
    indexOf: (given, steps) => Math.min(steps.length - 1, Math.round(given * ends(steps))),
    stateOf: (at, steps) => ({ at: at >= ends(steps) ? 1 : at / ends(steps) }),
  };
}

function unmask(self) {
  const { ctx, state, declared } = self;
  const plain = (request) => ({ ...request, over: [] }); // the film without the visitor's pixels
  const film = askedFilm(self, {
    nameOf: ({ over }) => (over.length ? "Drawn again from your pixel" : "An image, pixel by pixel"),
    others: (request) => (request.over.length ? [plain(request)] : []),
  });
  const { drawn, current, request, frame, frames, done, filmOf } = film;
  const over = computed(() => request.value?.over ?? []);
  const given = computed(() => (frame.value ? givenBy(frame.value, over.value) : []));

  /** Number of pixels that differ at the end from the image without overrides, the visitor's aside; null so far. */
  const differ = computed(() => {
    const original = over.value.length ? filmOf(plain(request.value)) : null;
    if (!original?.done || !done.value) return null;
    const [own, other] = [frames.value, original.frames].map((each) => each.at(-1));
    const set = new Set(givenBy(own, over.value));
    return own.x.reduce((sum, byte, pixel) => sum + Number(byte !== other.x[pixel] && !set.has(pixel)), 0);
  });
  const words = computed(() => {
    const count = over.value.length;
    if (!count || !frame.value) return film.words.value;
    const yours = count === 1 ? "your pixel" : `your ${count} pixels`;
    const changed = differ.value === null
      ? `What ${yours} changed will be counted at the end.`
      : `With ${yours}, ${differ.value} of the other pixels came out differently, by the same random numbers.`;
    return `${film.words.value} ${changed}`;
  });

  /** The image so far; a masked pixel is grey, and dots are on those that the visitor has set. */
  const scene = computed(() => {
    if (!frame.value) return null;
    const values = Float32Array.from(frame.value.x, (byte) => byte / 255);
    const marks = new Uint8Array(PIXELS);
    for (const pixel of given.value) marks[pixel] = 1;
    const rings = frame.value.new.length <= MARKED ? frame.value.new : [];
    return { values, rings, marks, ring: state.pixel, words: frame.value.report.caption };
  });
  whenever(() => {
    if (!scene.value) return;
    ctx.show("out", scene.value.values);
    ctx.show("guess", probabilities(frame.value));
  });

  /** Sets the chosen pixel to a level from the step on screen on. */
  function override(level) {
    const { pixel, over } = state;
    const { most } = ctx.fields.over;
    if (pixel === null || !frame.value || drawn.value !== current.value) return;
    if (over.length === most) return ctx.say(`${over.length} of your pixels are the most: undo one first.`);
    const step = Math.min(frame.value.index + 1, PIXELS / request.value.per - 1);
    const next = (step * PIXELS + pixel) * 2 + level;
    const at = Math.min(1, (film.shown.value + 1) / Math.max(1, drawn.value.total - 1)); // the first frame in which it is so
    ctx.store.commit({ over: [...over, next], at });
  }
  const bet = computed(() => {
    const { pixel } = state;
    if (!frame.value || pixel === null) return null;
    const level = frame.value.known[pixel] ? Number(frame.value.x[pixel] > 127) : null;
    return { pixel, p: probabilities(frame.value)[pixel], level, given: given.value.includes(pixel) };
  });
  const bets = createBet(bet, {
    any: () => frame.value !== null && state.over.length > 0,
    onSet: override,
    onUndo: () => ctx.store.commit({ over: state.over.slice(0, -1) }),
  });

  const label = "The image so far. Arrow keys choose a pixel, Enter looks at it";
  const board = new Board({ label, onTap: (pixel) => ctx.store.commit({ pixel }), size: LARGE });
  const guess = new Board({ label: "How likely each pixel is white", size: 336 });
  const guessed = ({ words, ring }) => ({ values: probabilities(frame.value), words, ring });
  const caption = h("figcaption", {}, "The network’s guess: probability of white");
  const figure = h("figure", {}, shows(guess, () => scene.value && guessed(scene.value)), caption);
  const legend = createLegend(ctx);
  legend.show(KEYS);
  const side = h("div", { class: "unmask-side" }, legend.element, figure, film.numbers);
  const main = film.play({
    screen: h("div", { class: "unmask-screen" }, shows(board, () => scene.value), side),
    dims: [board.element, guess.element],
    place,
    words,
    label: "Unmasking, step by step",
    framesPerSecond: 24,
    frames: 100,
  });

  return {
    ...{ main, under: [bets], differ, board, guess, ...film.mode },
    enter: () => takeNet(ctx, declared.nets),
    table: () => drawn.value && tableOf(state, frames.value),
  };
}

/** Every pixel, by the evaluation in which it was drawn. */
function tableOf({ net, seed, order }, frames) {
  const rows = frames.flatMap((frame) =>
    frame.new.map((pixel) => [
      frame.index + 1,
      Math.floor(pixel / SIDE) + 1,
      (pixel % SIDE) + 1,
      probabilities(frame)[pixel],
      Number(frame.x[pixel] > 127),
    ])
  );
  return { name: `${net}-${order}-${seed}`, rows: [["evaluation", "row", "column", "p(white)", "drawn"], ...rows] };
}

export default mode(unmask, { hint: "Grey pixels are masked; tap one to change it" });
