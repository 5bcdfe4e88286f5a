/** Complete: the upper rows of an image are kept, and the network draws the rest eight times. */

import { h } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { mean } from "../kit/base/sums.js";
import { batch, computed, signal } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { Board } from "../kit/image/board.js";
import { Cut } from "../kit/image/cut.js";
import { drawnOrTest, Picture, startWithExample } from "../kit/image/picture.js";
import { imageOf, LARGE, PIXELS, SIDE, toBytes } from "../kit/image/pixels.js";
import { requestOf } from "../kit/panel/controls.js";
import { mode } from "../kit/panel/mode.js";
import { reported } from "../kit/panel/reported.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { images } from "../questions/images.js";
import { Completions } from "./completions.js";
import { Trace } from "./trace.js";

const COUNT = 8;
const WAITS = "Choose a test image, or draw something on the pad: its upper rows are kept, the network draws the rest.";

function complete(self) {
  const { ctx, state, declared } = self;
  const moving = signal(false); // the handle, under a pointer
  const resting = signal(state.rows);
  whenever(() => {
    if (!moving.value) resting.value = state.rows;
  });
  const picture = computed(() => (ctx.net().error ? null : drawnOrTest(state, ctx.net().dataset)));
  const drawn = reported(self, {
    question: () => picture.value && { ...requestOf(ctx, declared), picture: picture.value, rows: resting.value },
  });
  const { value, asked, isCurrent, words, numbers } = drawn;
  const completed = computed(() =>
    value.value && completedOf(value.value, asked.value.rows, ctx.value().nets[asked.value.net])
  );

  const at = signal(0); // pixels on screen after the given ones
  const chosen = computed(() => (state.tap <= COUNT ? state.tap : 0));
  const tiles = new Completions(COUNT, (tap) => ctx.store.commit({ tap }));
  whenever(() => (tiles.element.hidden = !completed.value));
  shows(tiles, () => {
    if (!completed.value) return null;
    const { tiles, total, soFar } = completed.value;
    const drawn = Math.min(at.value, total);
    return { ...tiles, drawn, chosen: chosen.value, soFar: soFar(drawn) };
  });

  const chooser = new Picture(ctx);
  const board = new Board({ label: "The picture, and below the handle what is drawn", size: LARGE });
  whenever(() => {
    const given = SIDE * state.rows;
    if (isCurrent.value) board.show({ ...completed.value.chosen(chosen.value, at.value), given });
    else {
      const fed = images.fed(ctx, ctx.net().levels === 2 ? "binary" : "levels");
      board.show({ values: fed ? Float32Array.from(fed, (byte) => byte / 255) : new Uint8Array(PIXELS), given });
    }
    ctx.show("out", board.canvas);
  });
  whenever(() => {
    if (!isCurrent.value) return chooser.fed(null);
    const { tiles: { pictures: [real] }, levels } = completed.value;
    chooser.fed(real, levels);
  });

  const cut = new Cut(board.element, (rows, { commit }) =>
    batch(() => {
      moving.value = !commit;
      ctx.store.set({ rows }, { commit });
    }));
  whenever(() => cut.set(state.rows));
  const empty = h("p", { class: "empty", hidden: () => Boolean(value.value || picture.value) }, WAITS);
  const room = h("div", { class: "completion-room result" }, empty, tiles.element);
  const film = filmOf(self, {
    ...{ at, words },
    place: () => ({
      indexOf: (at, { of: { given, total } }) => (at === null || at < given ? total : Math.min(PIXELS, at) - given),
      stateOf: (index, { of: { given } }) => ({ at: given + index }),
    }),
    what: () => ({ of: completed.value, length: 0, ...completed.value?.steps }),
    options: {
      screen: h("div", { class: "completing" }, cut.element, room),
      label: "Completions",
      filename: "completions.gif",
      framesPerSecond: 56,
      frames: 90,
      stride: { size: SIDE, name: "row" },
    },
  });
  whenever(() => isCurrent.value || film.pause());
  drawn.dims(tiles.element, film.parts.caption);
  return {
    main: film.host,
    above: [numbers],
    below: [chooser],
    ...{ picture, ...drawn.mode },
    enter: () => startWithExample(ctx),
  };
}

/** An answer, read once: the tiles, the steps of the film, and what the board shows of each. */
function completedOf(value, rows, net) {
  const [given, total] = [SIDE * rows, PIXELS - SIDE * rows];
  const [drawn, real] = [new Trace(value, net), new Trace({ values: value.real }, net)];
  /** log p of the first pixels after the given ones, for each completion. */
  const soFar = (index) =>
    Array.from({ length: COUNT }, (_, k) => drawn.logProbSoFar(k, given + index) - drawn.logProbSoFar(k, given));
  const caption = (index) =>
    `Mean −log p ${index === total ? "of the rest" : "so far"}: ${num(-mean(soFar(index)))} nats`;
  const bytes = Uint8Array.from(fromBase64(value.values), (level) => (255 * level) / (net.levels - 1));
  return {
    ...{ given, total, soFar, levels: net.levels },
    steps: { length: total + 1, where: (index) => `${index}/${total}`, caption },
    tiles: {
      pictures: [toBytes(real.grey()), ...value.rest.map((_, k) => imageOf(bytes, k))],
      ...{ name: value.name, real: value.real_rest, rest: value.rest, given },
    },
    chosen: (k, index) =>
      k
        ? { values: drawn.grey(k - 1), known: given + index, words: `completion ${k}` }
        : { values: real.grey(), known: PIXELS, words: "the real picture" },
  };
}

export default mode(complete, { hint: "Drag the handle: eight continuations" });
