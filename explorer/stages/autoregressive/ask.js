/**
 * Any pixel of an image: what the network predicted for it, how surprising it is, and what the prediction depends on.
 */

import { askedAnswers } from "../kit/ask/asked.js";
import { awaited } from "../kit/ask/awaited.js";
import { button, h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed, signal } from "../kit/base/vendor/signals-core.js";
import { createHeatLegend } from "../kit/chart/heat.js";
import { Board, placeOf } from "../kit/image/board.js";
import { drawnOrTest, nameOf, Picture, startWithExample } from "../kit/image/picture.js";
import { LARGE, PIXELS, toBytes } from "../kit/image/pixels.js";
import { mode } from "../kit/panel/mode.js";
import { headline } from "../kit/panel/more.js";
import { dimAnswer } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";
import { createLegend } from "../kit/plane/legend.js";
import { floats32, fromBase64, toBase64, unpackBits } from "../kit/plane/tensors.js";
import { Distribution, share } from "./distribution.js";
import { bitsOf, entropyBits, levelName, probabilities } from "./levels.js";

const EXPECTED = 0.02; // bits of a pixel that is no surprise
const [BLUE, GREY] = ["#41a3f8", "#999999"]; // of the board, in both themes
const KEYS = [
  ["■", "changes this prediction", () => BLUE],
  ["□", "may change it", () => BLUE],
  ["■", "not yet visible", () => GREY],
];
const LABEL = "The image. Move over a pixel for its prediction; tap it, or choose it with the arrow keys and Enter, " +
  "for what the prediction depends on";

function ask(self) {
  const { ctx, state, declared, seen } = self;
  const traced = tracedOf(self);
  const { trace, bits, generated, request } = traced;
  const hovered = signal(/** @type {number | null} */ (null));
  /** The pixel asked about: tapped, or the one that surprised most. */
  const asked = computed(() => state.pixel ?? bits.value?.indexOf(Math.max(...bits.value)));
  const receptive = dependsOn(self, traced, asked);
  const field = receptive.current;
  const about = computed(() => trace.value && reportOf(traced.value.value, asked.value, declared));
  const shown = computed(() => trace.value && reportOf(traced.value.value, hovered.value ?? asked.value, declared));
  whenever(() => hovered.value !== null && shown.value && ctx.describe(sentences(declared, shown.value, "hovered")));

  /** A question that got no answer is asked again. */
  function tap(pixel) {
    if (pixel === asked.peek() && receptive.failed.peek()) receptive.retry();
    ctx.store.commit({ pixel });
  }
  const board = new Board({ label: LABEL, onTap: tap, onHover: (pixel) => (hovered.value = pixel), size: LARGE });
  shows(board, () =>
    trace.value
      ? {
        values: trace.value.grey(),
        ring: asked.value,
        heat: state.heat ? bits.value : null,
        veil: field.value && !state.heat ? veilOf(field.value.gradient) : null,
        outline: field.value?.reach ?? null,
        words: sentences(declared, about.value, "board"),
      }
      : { values: new Float32Array(PIXELS), known: 0, words: declared.says.nothing });
  whenever(() => ctx.show("out", trace.value && trace.value.grey()));

  const distribution = new Distribution(ctx);
  whenever(() => (distribution.element.style.visibility = trace.value ? "" : "hidden"));
  whenever(() => {
    if (!shown.value) return;
    const { predicted: probabilities, drawn, mark } = shown.value;
    distribution.show({ probabilities, drawn, mark, title: sentences(declared, shown.value, "title") });
  });
  const numbers = headline(figuresOf(declared, {}), 0);
  shows(numbers, () => figuresOf(declared, { ...shown.value, finding: field.value?.finding }));
  const dims = [board.element, distribution.element];
  whenever(() => dimAnswer({ dims, numbers, seen }, traced.isPending.value || traced.failed.value));

  const left = h("div", { class: "board-column" }, board.element, underBoard(self, bits));
  const right = h("div", { class: "beside-side" }, distribution.element, numbers);
  const isEmpty = () => !generated.value && request.value === null;
  return {
    main: h("div", { class: "beside" }, left, right),
    below: [chooserOf(self, traced), h("p", { class: "empty", hidden: () => !isEmpty() }, declared.says.none)],
    words: computed(() => {
      if (!about.value) return "";
      const said = sentences(declared, about.value, about.value.bits < EXPECTED ? "expected" : "cost");
      return `${said} ${field.value?.words ?? ""}`.trim();
    }),
    ...{ board, trace, bits, generated, request, asked, field, shownKey: traced.of },
    hasResult: () => trace.value !== null,
    table: () => trace.value && tableOf(trace.value, field.value),
  };
}

/** The image that is asked about, traced: one that the network draws, a test image or a drawing. */
function tracedOf(self) {
  const { ctx, state } = self;
  const drawn = ctx.drawn.through(ctx);
  const generated = computed(() => state.about === "generated");
  /** Question to Python for a trace, where the image is not one that the network draws. */
  const request = computed(() => {
    const picture = drawnOrTest(state, ctx.net().dataset);
    return picture && { ...drawn.asking("ask"), picture };
  });
  const keyOf = () => {
    if (ctx.net().error) return null;
    if (generated.value) return `${drawn.key} ${drawn.index}`;
    return request.value && JSON.stringify(request.value);
  };
  const found = awaited(self, keyOf, async () => {
    const picture = generated.value ? null : request.value.picture;
    const asking = drawn.asking("ask");
    drawn.forgive();
    const trace = await (picture ? drawn.traces.get(request.value) : drawn.watched());
    return trace && { trace, asking, picture, bits: trace.bits() };
  });
  const of = (key) => computed(() => found.value.value && found.value.value[key]);
  return { ...found, generated, request, trace: of("trace"), bits: of("bits") };
}

/** Inputs that the prediction of a pixel depends on, by the network's own gradient. */
function dependsOn(self, { value }, pixel) {
  const question = () =>
    value.value && {
      ...value.value.asking,
      picture: { pixels: toBase64(value.value.trace.image()) },
      pixel: pixel.value,
    };
  return askedAnswers(self, "receptive", question, {
    read: ({ words, finding, gradient, reach }, { pixel }) => ({
      ...{ pixel, words, finding },
      gradient: floats32(gradient),
      reach: unpackBits(fromBase64(reach)),
    }),
  });
}

/** Under the board: the choice of colours, and what they mean. */
function underBoard({ ctx, state }, bits) {
  const heat = button("Colour by surprise", () => ctx.store.commit({ heat: !ctx.store.get().heat }), {
    pressed: false,
  });
  const [legend, keys] = [createHeatLegend("bits"), createLegend(ctx)];
  keys.show(KEYS);
  whenever(() => {
    heat.setAttribute("aria-pressed", String(state.heat));
    legend.element.hidden = !state.heat;
    keys.element.hidden = state.heat;
  });
  return h("div", { class: "row under-board" }, heat, shows(legend, () => bits.value), keys.element);
}

/** The choice of an image that the network does not draw. */
function chooserOf({ ctx, visits }, { value, isCurrent, generated }) {
  const chooser = new Picture(ctx);
  whenever(() => {
    chooser.element.hidden = generated.value;
    if (!visits.value || generated.value) return;
    startWithExample(ctx);
    chooser.update();
  });
  whenever(() => {
    if (!isCurrent.value || !value.value.picture) return chooser.fed(null);
    const { trace } = value.value;
    chooser.fed(toBytes(trace.grey()), trace.net.levels);
  });
  return chooser.element;
}

/** Figures of a pixel. */
function reportOf({ trace, picture }, pixel, { says }) {
  const [logProb, predicted] = [trace.logProb()[pixel], probabilities(trace.net, trace.parametersOf(pixel))];
  return {
    place: placeOf(pixel),
    level: levelName(trace.net, trace.image()[pixel]),
    drawn: trace.image()[pixel],
    mark: picture ? "real" : "drawn",
    p: share(Math.exp(logProb)),
    bits: bitsOf(logProb),
    predicted,
    entropy: entropyBits(predicted),
    cost: -trace.logProbSoFar(),
    whose: picture ? nameOf(picture) : says.generated,
  };
}

/** Gradients as opacities: the square root of their share of the largest. */
function veilOf(gradient) {
  const most = Math.max(...gradient);
  return gradient.map((value) => (most > 0 ? Math.sqrt(value / most) : 0));
}

function tableOf(trace, field) {
  const [head, ...rows] = trace.rows();
  const name = `${trace.net.name}-asked`;
  if (!field) return { name, rows: [head, ...rows] };
  const column = `gradient_of_pixel_${field.pixel}`;
  return { name, rows: [[...head, column], ...rows.map((row) => [...row, field.gradient[row[0]]])] };
}

export default mode(ask);
