/** An image appears pixel by pixel, and beside it what the network predicted for the pixel that is being drawn. */

import { awaited } from "../kit/ask/awaited.js";
import { h } from "../kit/base/dom.js";
import { capital } from "../kit/base/format.js";
import { shows, whenever } from "../kit/base/live.js";
import { sum } from "../kit/base/sums.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { filmOf } from "../kit/film/film.js";
import { Board, placeOf } from "../kit/image/board.js";
import { createNearest } from "../kit/image/nearest.js";
import { LARGE, PIXELS, SIDE } from "../kit/image/pixels.js";
import { Wall } from "../kit/image/wall.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { dim, dimAnswer } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { Distribution, share } from "./distribution.js";
import { bitsOf, entropyBits, levelName, probabilities, temper } from "./levels.js";

const PER_SECOND = 60;
const GIF_FRAMES = 100;
const CERTAIN = 0.99;

function generate(self) {
  const { ctx, state, declared, seen } = self;
  const at = signal(0); // drawn pixels on screen
  const drawing = drawingOf(self);
  const { trace, detail, index, greys, isEarlier } = drawing;
  /** The pixel that is being drawn; before the first, the first to come, and none when all are. */
  const penAt = (at) => trace.value?.order[Math.max(0, at - 1)] ?? 0;
  const reportAt = (at) => reportOf({ trace: trace.value, detail: detail.value, index: index.value }, at, penAt(at));
  const caption = (at) => sentences(declared, reportAt(at), at === 0 ? "blank" : at === PIXELS ? "finished" : "became");
  const words = computed(() =>
    trace.value ? wordsOf(declared, state.T, costsOf(trace.value, index.value, at.value), at.value) : ""
  );

  const board = new Board({
    label: "The image being drawn. Tap a pixel, or choose one with the arrow keys and Enter, to go to it",
    onTap: (pixel) => trace.peek() && self.film.go(trace.peek().places[pixel] + 1),
    size: LARGE,
  });
  const wall = new Wall({
    label: "Sixteen images being drawn. Arrow keys choose which one is watched.",
    onChoose: (tap) => ctx.store.commit({ tap }),
    size: LARGE,
  });
  const many = computed(() => trace.value?.count > 1);
  const scene = computed(() => ({
    known: at.value,
    order: trace.value?.order ?? null,
    ring: at.value === PIXELS ? null : penAt(at.value),
    words: trace.value ? caption(at.value) : declared.says.nothing,
  }));
  whenever(() => {
    board.element.hidden = many.value;
    wall.element.hidden = !many.value;
  });
  shows(board, () => !many.value && { ...scene.value, values: greys.value?.[0] ?? new Float32Array(PIXELS) });
  shows(wall, () => many.value && { ...scene.value, images: greys.value, chosen: index.value });
  whenever(() => {
    void scene.value;
    ctx.show("out", trace.value ? (many.value ? wall : board).canvas : null);
  });

  const preview = signal(/** @type {number | null} */ (null)); // temperature, while it is dragged
  whenever(() => {
    void [drawing.of.value, state.T];
    preview.value = null;
  });
  const distribution = new Distribution(ctx);
  whenever(() => (distribution.element.style.visibility = trace.value ? "" : "hidden"));
  shows(
    distribution,
    () => detail.value && predictedOf(detail.value, penAt(at.value), at.value, preview.value ?? state.T),
  );
  const rows = () => figuresOf(declared, reportAt(at.value), at.value === PIXELS ? "drawn" : "begun");
  const numbers = headline(rows(), 0);
  shows(numbers, rows);

  const nearest = createNearest(ctx);
  const beside = h("div", { class: "beside-side" }, distribution.element, numbers);
  const film = filmOf(self, {
    ...{ at, words },
    place: ({ plays }) => ({
      plays,
      indexOf: (given) => given ?? (ctx.prefersReducedMotion() ? PIXELS : 0),
      stateOf: (at) => ({ at }),
    }),
    what: () => ({
      of: trace.value,
      key: String(state.tap),
      length: trace.value ? PIXELS + 1 : 0,
      caption,
      where: (at) => `${at}/${PIXELS}`,
    }),
    options: {
      screen: h("div", { class: "beside" }, board.element, wall.element, beside),
      label: "Drawing, pixel by pixel",
      filename: "autoregressive.gif",
      framesPerSecond: PER_SECOND,
      stride: { size: SIDE, name: "row" },
      frames: GIF_FRAMES,
    },
  });
  whenever(() => {
    const key = trace.value && at.value === PIXELS ? `${drawing.of.value} ${index.value}` : null;
    nearest.meet(key, greys.value?.[index.value], trace.value?.net.dataset);
  });
  const dims = [board.element, wall.element, film.parts.caption, nearest.element];
  whenever(() => dimAnswer({ dims, numbers, seen }, trace.value && isEarlier.value));
  whenever(() => dim(distribution.element, trace.value && (isEarlier.value || !detail.value)));
  return {
    main: film.host,
    under: [nearest.element],
    ...{ board, trace, detail, shownKey: drawing.of, draws: drawing.draws },
    preview: (_, T) => (preview.value = T),
    hasResult: () => trace.value !== null,
    table: () => trace.value && { name: `${trace.value.net.name}-generated`, rows: trace.value.rows(index.value) },
  };
}

/** The images that are drawn, and what was predicted while the watched one was. */
function drawingOf(self) {
  const { ctx } = self;
  const drawn = ctx.drawn.through(ctx);
  const keyOf = () => ctx.net().error ? null : drawn.key;
  const all = awaited(self, keyOf, async () => {
    const { request } = drawn;
    drawn.forgive();
    const trace = await drawn.get();
    return trace && { trace, request };
  });
  const trace = computed(() => all.value.value?.trace ?? null);
  const index = computed(() => trace.value?.count === 1 ? 0 : drawn.index);
  const watchedKey = () => trace.value && `${all.of.value} ${index.value}`;
  const watched = awaited(
    self,
    watchedKey,
    async () => await drawn.traceOf(trace.value, all.value.value.request, index.value),
  );
  return {
    ...{ trace, index, of: all.of },
    greys: computed(() => trace.value && Array.from({ length: trace.value.count }, (_, i) => trace.value.grey(i))),
    detail: computed(() => watched.isCurrent.value ? watched.value.value : null),
    isEarlier: computed(() => !all.isCurrent.value),
    draws: {
      isPending: all.isPending,
      failed: computed(() => all.failed.value || watched.failed.value),
    },
  };
}

/** What was predicted for a pixel, and what it was drawn from at a temperature. */
function predictedOf(detail, pixel, at, T) {
  const predicted = probabilities(detail.net, detail.parametersOf(pixel));
  return {
    probabilities: predicted,
    tempered: T === 1 ? null : temper(predicted, T),
    drawn: at === 0 ? null : detail.image()[pixel],
    title: capital(placeOf(pixel)),
  };
}

/** Figures of the pixel that is being drawn, and of those so far. */
function reportOf({ trace, detail, index }, at, pixel) {
  const entropy = detail ? entropyBits(probabilities(detail.net, detail.parametersOf(pixel))) : null;
  if (!trace || at === 0) return { at, entropy, cost: 0 };
  const [logProb, soFar] = [trace.logProb(index)[pixel], trace.logProbSoFar(index, at)];
  return {
    ...{ at, entropy },
    place: capital(placeOf(pixel)),
    level: levelName(trace.net, trace.image(index)[pixel]),
    p: share(Math.exp(logProb)),
    bits: bitsOf(logProb),
    cost: -soFar,
    certain: costsOf(trace, index, at).certain,
    rate: bitsOf(soFar) / at,
  };
}

function wordsOf(declared, T, costs, at) {
  const picked = T === 1 ? "usual" : costs.total < costs.expected ? "likelier" : "less_likely";
  const names = at === 0 ? ["begin"] : at < PIXELS ? ["begun", "so_far"] : ["drawn", picked];
  return sentences(declared, { at, T: String(Number(T.toFixed(2))), ...costs }, ...names);
}

/**
 * Sums over the first `at` drawn pixels: their bits of surprise, the expected bits, the share of nearly certain pixels,
 * and the least number of pixels with half of the bits.
 */
function costsOf(trace, index, at) {
  const all = trace.bits(index);
  const bits = Array.from(trace.order.subarray(0, at), (pixel) => all[pixel]).sort((a, b) => b - a);
  const total = sum(bits);
  let [held, half] = [0, 0];
  while (held < total / 2) held += bits[half++];
  const certain = bits.filter((value) => value < -Math.log2(CERTAIN)).length / at;
  return { total, expected: sum(trace.entropy(index)) / Math.LN2, certain, half };
}

export default mode(generate);
