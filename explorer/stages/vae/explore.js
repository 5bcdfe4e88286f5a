/** Mode 1: what the decoder makes of the place under the cursor, and what the whole model says about a pinned one. */

import { askedAnswers } from "../kit/ask/asked.js";
import { button, figures, fill, h, setName } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { computed } from "../kit/base/vendor/signals-core.js";
import { mode } from "../kit/panel/mode.js";
import { dim } from "../kit/panel/parts.js";
import { pair } from "../kit/base/format.js";
import { codeImage, drawImage, imageCanvas } from "../kit/image/pixels.js";
import { paintCursor, paintPin, paintThumb } from "./marks.js";
import { rates } from "./card.js";
import { onMap } from "./on_map.js";
import { neighbourhood } from "./neighbourhood.js";
import { cloudOf } from "./codes.js";

const RADIUS = 0.15;
const IMAGE_SIZE = 148;
const NEAREST_SIZE = 56;
const COLLAPSED = 0.05; // nats
const LOG_2PI = Math.log(2 * Math.PI);

const round = (value) => Math.round(value * 1e4) / 1e4;

function explore(self) {
  const { ctx, state, seen, visits } = self;
  const map = onMap(self);
  const { words } = map;
  /** The model, once its decoder and the codes at this β are there. */
  const model = computed(() => {
    void [ctx.assets, state.beta, state.data];
    return ctx.model.main !== null && ctx.map.points() !== null ? ctx.model : null;
  });
  const isShown = () => visits.value && model.value;
  whenever(() => (ctx.panel.style.visibility = model.value ? "visible" : "hidden"));
  whenever(() => map.ready.value && ctx.images(ctx.net().dataset)); // nothing else is drawn with them

  const image = imageCanvas("Decoded image", IMAGE_SIZE);
  whenever(() => {
    const { z, beta } = state;
    if (!isShown()) return;
    const decoded = ctx.decode(z, beta);
    drawImage(image, decoded);
    ctx.show("code", codeImage(z));
    ctx.show("out", decoded);
    setName(image, `Decoded image at z = ${pair(z)}`);
  });

  const measured = computed(() => rates(ctx.net(), state.beta));
  /** The codes around the cursor, and what it costs; without a KL term there is no rate, and so no bound. */
  const found = computed(() => {
    const { z, beta } = state;
    if (!isShown()) return null;
    const { rate, distortion } = measured.value;
    const far = (z[0] ** 2 + z[1] ** 2) / 2 + LOG_2PI;
    const near = neighbourhood(self.given, z, RADIUS);
    const finding = words(near, placeOf(near));
    return { ...near, z, beta, far, rate, distortion, bound: rate + distortion, finding };
  });
  shows(map.numbers, () => found.value && map.figures(found.value, found.value.rate === null ? "plain" : "bound"));
  const around = computed(() => {
    if (!found.value) return "";
    const { count, most } = found.value;
    return words(found.value, count < 2 ? ["nothing", "one"][count] : most.count === count ? "all" : "most");
  });
  whenever(() => found.value && ctx.describe(`z = ${pair(found.value.z)}. ${around.value}`));
  const ofModel = computed(() => {
    return isShown()
      ? wordsOfModel(map, ctx.net(), { beta: state.beta, ...cloudOf(ctx.map.points()), ...measured.value })
      : ["", ""];
  });
  let told = null;
  whenever(() => {
    const [first, last] = ofModel.value;
    seen([first, around.value, last].filter(Boolean).join(" "), ofModel.value === told); // while the cursor moves
    told = ofModel.value;
  });

  const pinned = pinnedOf(self, map);
  const nearest = imageCanvas("Nearest test image", NEAREST_SIZE);
  whenever(() => {
    if (!found.value) return;
    const { index, name } = found.value;
    const pixels = ctx.assets.sprite(index);
    nearest.hidden = !pixels;
    if (pixels) drawImage(nearest, pixels);
    setName(nearest, `Test image ${index}, ${name}`);
  });
  const ofNearest = h("p", { class: "quiet" }, () => found.value ? words(found.value, "nearest") : "");
  const beside = h("div", { class: "at-cursor" }, map.numbers, h("div", { class: "nearest" }, nearest, ofNearest));
  const decoded = h("figure", {}, image, h("figcaption", {}, "decoded at the cursor"));
  return {
    ...map.mode,
    pointer({ type, z }) {
      if (type === "tap") ctx.store.set({ pin: z.map(round) });
      if (type === "leave" && state.pin) ctx.store.set({ z: state.pin });
      return false;
    },
    mapKey: pinned.mapKey,
    panel: () =>
      fill(ctx.panel, h("div", { class: "decoded" }, decoded, beside), pinned.element, seen.element, ctx.curve),
    hasResult: (what) => what === "table" ? Boolean(ctx.net().curve?.length) : ctx.model.ready,
    table: () => tableOf(ctx.net(), state.data),
    draw(layer) {
      if (state.pin) paintPin(layer, state.pin, pinned.stretch());
      paintCursor(layer, state.z, RADIUS);
      if (ctx.map.isAlone && ctx.model.main) paintThumb(layer, state.z, image);
    },
  };
}

/** Name of the sentence on whose codes lie around a place. @param {ReturnType<typeof neighbourhood>} near */
function placeOf({ count, most }) {
  if (count === 0) return "hole";
  return most.count === count ? "known" : 2 * most.count > count ? "mostly" : "shared";
}

/** Sentences about what codes cost and about all of them; the first one answers what a VAE trades away. */
function wordsOfModel({ words }, net, { beta, rate, distortion, ...cloud }) {
  const found = { ...cloud, rate, distortion };
  const hasCollapsed = rate !== null && rate <= COLLAPSED;
  const cost = rate === null ? net.prior ?? words(found, "undefined") : words(found, "costs");
  const name = beta === 0 ? "autoencoder" : hasCollapsed ? "collapsed" : "cloud";
  const sentences = [words(found, name), distortion === null ? "" : cost];
  return name === "cloud" && sentences[1] ? sentences.reverse() : sentences;
}

/** The point that is pinned, and what the whole model says about it. */
function pinnedOf(self, { words, request, note }) {
  const { ctx, state, declared } = self;
  const { value, asked, isCurrent, failed } = askedAnswers(self, declared.ask, () => state.pin && request());
  const isOfPin = computed(() =>
    value.value !== null && String(asked.value.z) === String(state.pin) && asked.value.dataset === state.data
  );
  const isEarlier = computed(() => isOfPin.value && asked.value.beta !== state.beta);
  const answer = h("div");
  whenever(() => {
    const waits = () => h("p", { class: "quiet" }, words({}, failed.value ? "lost" : "asking"));
    fill(answer, isOfPin.value ? figures(value.value.numbers) : waits());
  });
  whenever(() => dim(answer, isEarlier.value));

  function mapKey({ key }) {
    if (key === "Enter" || key === " ") ctx.store.commit({ pin: state.z });
    else if (key === "Escape" && state.pin) ctx.store.commit({ pin: null });
    else return false;
    return true;
  }
  const pin = button("Pin this point", () => mapKey({ key: "Enter" }), { title: "Ask the whole model about it" });
  pin.classList.add("pin");
  whenever(() => (pin.hidden = state.pin !== null));
  const head = h("h2", {}, () => state.pin ? `Pinned at ${pair(state.pin)}` : "");
  const unpin = button("Unpin", () => mapKey({ key: "Escape" }));
  const element = h(
    "section",
    { "aria-live": "polite" },
    pin,
    h(
      "div",
      { class: "pinned", hidden: () => state.pin === null },
      ...[h("div", { class: "pinned-head" }, head, unpin), answer],
      note(() => (isEarlier.value ? asked.value.beta : null)),
    ),
  );
  return { element, mapKey, stretch: () => isCurrent.value && !isEarlier.value ? value.value : null };
}

/** The measured curve; β = 0 has a distortion and nothing else. */
function tableOf({ curve, beta_zero: zero }, data) {
  if (!curve?.length) return null;
  const columns = Object.keys(curve[0]);
  const rows = [...(zero ? [{ beta: 0, ...zero }] : []), ...curve].map((row) => columns.map((column) => row[column]));
  const head = columns.map((column) => (column === "beta" ? column : `${column}, nats`));
  return { name: `rate-distortion-${data}`, rows: [head, ...rows] };
}

export default mode(explore);
