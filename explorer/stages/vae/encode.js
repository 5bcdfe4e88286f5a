/** One image through the encoder: q(z|x), a draw from it, what it costs, and what is exact in two dimensions. */
import { askedAnswers } from "../kit/ask/asked.js";
import { button, fill, h, setText } from "../kit/base/dom.js";
import { shows, updates, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { captioned, dim, dimAnswer, fillPanel, numberTable } from "../kit/panel/parts.js";
import { codeImage, drawImage, imageCanvas, toBytes } from "../kit/image/pixels.js";
import { isPicture } from "../kit/image/opened_picture.js";
import { drawnOrTest, startWithExample } from "../kit/image/picture.js";
import { nextSeed } from "../kit/panel/seed.js";
import { Source } from "../kit/image/source.js";
import { fromBase64, unpackBits } from "../kit/plane/tensors.js";
import { codeOf } from "./codes.js";
import { onMap } from "./on_map.js";
import { paintDot, paintEllipse } from "./paint.js";
import { posteriorView } from "./posterior_view.js";

const LARGE = 168;

/** Where a picture of a question comes from, as its caption is named. @param {PictureAsked} picture */
const sourceIn = ({ bits }) => (bits ? (isPicture(bits) ? "open" : "draw") : "img");

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function encode(self) {
  const { ctx, state, declared, seen } = self;
  const map = onMap(self);
  const { words, numbers } = map;
  const image = computed(() => drawnOrTest(state, state.data));
  const isChosen = computed(() => image.value !== null);
  const encoded = askedAnswers(self, declared.ask, () => {
    const request = isChosen.value && map.request();
    return request ? { ...request, image: image.value } : null;
  });
  /** The newest answer, with its request but for the seed. */
  const answer = computed(() => {
    const { seed, ...request } = encoded.asked.value ?? {};
    return encoded.value.value && { ...encoded.value.value, request, seed };
  });
  /** True if the answer is of the image chosen now; and if it is at this β, too. */
  const isCurrent = computed(() => {
    const { dataset, image: of } = answer.value?.request ?? {};
    return answer.value !== null && dataset === state.data && isSame(of, image.value);
  });
  const isAtBeta = computed(() => isCurrent.value && answer.value.request.beta === state.beta);

  /** The posterior to draw: Python's, or the measured one while β moves and a test image is chosen. */
  function code() {
    const { beta, img } = state;
    if (isAtBeta.value) return answer.value;
    if (img === null) return null;
    const points = ctx.model.atlas.points(beta);
    const mu = codeOf(points.mu, img);
    if (beta === 0) return { mu, sigma: null, z: mu };
    const sigma = codeOf(points.sigma, img);
    const eps = isCurrent.value ? answer.value.eps : null;
    return { mu, sigma, z: eps && mu.map((value, axis) => value + sigma[axis] * eps[axis]) };
  }

  const fed = imageCanvas("What the network was fed", LARGE);
  const decoded = imageCanvas("Reconstruction", LARGE);
  const fedFigure = captioned(fed, words({}, "img"));
  whenever(() => {
    if (!answer.value) return;
    drawImage(fed, toBytes(unpackBits(fromBase64(answer.value.bits))));
    setText(fedFigure.caption, words({}, sourceIn(answer.value.request.image)));
  });
  /** The draw decoded: Python's picture at its β, the browser's own while β moves. */
  whenever(() => {
    const now = isCurrent.value ? code() : null;
    ctx.show("code", now?.z ? codeImage(now.z) : null);
    if (!now) return ctx.show("out", null);
    const pixels = isAtBeta.value ? fromBase64(answer.value.reconstruction) : now.z && ctx.decode(now.z, state.beta);
    dim(decoded, !pixels || answer.value.seed !== state.eps);
    if (pixels) drawImage(decoded, pixels);
    ctx.show("out", decoded);
  });

  const drawAgain = () => ctx.store.commit({ eps: nextSeed(ctx, "eps") });
  const resample = button("Resample ε", drawAgain, { title: "Another draw z = μ + σ ⊙ ε" });
  whenever(() => {
    resample.disabled = encoded.isPending.value;
    resample.ariaBusy = resample.disabled ? "true" : null;
  });
  const posterior = posteriorView(self, () => state.part === "posterior" && isChosen.value ? answer.value : null);
  const body = h("div", { class: "part shown" });
  whenever(() => {
    const [now, { part }] = [answer.value, state];
    if (!now || !isChosen.value) return;
    fill(body, part === "posterior" ? posterior.element : tablesOf(now.parts[part], part === "code" ? resample : null));
  });
  shows(numbers, () => answer.value?.numbers);
  whenever(() => {
    const { part } = state;
    if (!isChosen.value) seen("");
    else if (answer.value) seen(part === "posterior" ? posterior.words.value : answer.value.parts[part].words);
  });
  whenever(() => {
    dimAnswer({ dims: [body], numbers, seen }, !isAtBeta.value || !encoded.isCurrent.value);
    dim(fed, !isCurrent.value);
    if (!isCurrent.value) dim(decoded, true);
  });

  const pictures = h(
    "div",
    { class: "pictures", hidden: () => !isChosen.value || !answer.value },
    ...[fedFigure, captioned(decoded, "decoded")],
  );
  const source = updates(new Source(ctx, pictures));
  const none = h("p", { class: "empty", hidden: () => isChosen.value }, declared.shows.waits);
  whenever(() => (numbers.hidden = !isChosen.value));
  const note = map.note(() => (isCurrent.value && !isAtBeta.value ? answer.value.request.beta : null));
  return {
    ...{ ...map.mode, answer, isCurrent },
    panel(controls) {
      const full = h("div", { class: "mode-body", hidden: () => !isChosen.value }, controls, note, body);
      fillPanel(ctx, numbers, source, none, full, seen.element);
    },
    enter() {
      startWithExample(ctx);
      ctx.images(ctx.net().dataset);
    },
    hasResult: (what) =>
      what === "table" ? isCurrent.value : what === "picture" ? ctx.model.ready : answer.value !== null,
    table: () => isCurrent.value ? { name: "encoded", rows: answer.value.table } : null,
    pointer({ type, nearest }) {
      if (type !== "tap" || nearest < 0) return false;
      ctx.store.commit({ img: nearest, draw: null, source: null });
      return true;
    },
    draw(layer) {
      const now = isChosen.value && ctx.model.ready ? code() : null;
      if (!now) return;
      if (state.part === "posterior" && isAtBeta.value) posterior.draw(layer);
      paintCode(layer, now);
    },
  };
}

/** A part of the answer; `resample` stands beside the table of a draw. */
function tablesOf({ tables, formulas, cannot }, resample) {
  const [first, ...others] = tables.map((each) => numberTable(...each));
  const isDrawn = resample && !cannot;
  if (isDrawn) { for (const table of [first, ...others]) table.classList.add("with-numbers"); }
  const lead = first && h("div", { class: "draw-of-z" }, first, isDrawn && resample);
  return [
    formulas && h("p", { class: "formulas" }, formulas),
    h("div", { class: "code-view" }, lead, others),
    cannot && h("p", { class: "cannot" }, cannot),
  ];
}

/** The posterior, and a draw from it. */
function paintCode({ ctx2d, toScreen, colours: { you, ground } }, { mu, sigma, z }) {
  if (sigma) paintEllipse(ctx2d, { mu, sigma }, toScreen, { colour: you });
  paintDot(ctx2d, toScreen(mu), 4, { fill: you, stroke: ground });
  if (z) paintDot(ctx2d, toScreen(z), 6, { stroke: you });
}

export default mode(encode);
