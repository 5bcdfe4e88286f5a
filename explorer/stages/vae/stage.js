/** The VAE: the common stage, on which the latent map is the picture of most modes; and what β they are about. */

import { h, setText } from "../kit/base/dom.js";
import { owned, whenever } from "../kit/base/live.js";
import { untilItComes } from "../kit/ask/line.js";
import { createProgress } from "../kit/ask/wait.js";
import { onePanel, pictureAndPanel } from "../kit/shell/loader.js";
import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/base/store.js";
import { computed, untracked } from "../kit/base/vendor/signals-core.js";
import { follow } from "../kit/base/follow.js";
import { followClass } from "./class_codes.js";
import { createControls } from "./controls.js";
import { createCurve } from "./curve.js";
import { createLegend } from "./legend.js";
import { LatentPlane } from "./map.js";
import { Model } from "./model.js";

const ON_MAP = ["explore", "interpolate", "encode", "sample", "learn"];

/** Keys that decide which films of a shared question are shown; a place on their clock goes with them. */
const OF_FILMS = ["mode", "data", "seed", "img", "draw", "source", "keep"];

/** The indices of one data set's images mean nothing in the other. */
const OF_ONE_DATA_SET = { a: null, b: null, img: null };

const UNREADABLE = "The model of this data set cannot be read, so its map stays empty. The other data set still works.";
const LOST = "The model of this data set could not be read; perhaps the line is down. It is asked for again " +
  "every few seconds.";

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    key: "data",
    label: "Data set",
    onNet: OF_ONE_DATA_SET,
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial }),
    columnsOf: ({ column }) => [{ ...column, title: `${column.title}, β = 1`, setting: "β = 1" }],
    placesOf: (id, { map }) => ON_MAP.includes(id) ? { main: map.element, ...onePanel(id) } : pictureAndPanel(id),
    extend: share,
    asksAhead: false, // the map computes here, and nothing of the story is asked
    tour: {
      first: "explore",
      note: "The tour is about MNIST; Fashion-MNIST comes back when you leave it.",
      veil: "The result shows once you have predicted.",
    },
  });
}

/** Adds the network in the browser, the map and β to what all modes are given. */
function share(ctx) {
  const { store } = ctx;
  const models = {};
  const modelOf = (name) => models[name] ??= new Model(ctx.base, ctx.net(), ctx.assets);
  Object.defineProperty(ctx, "model", { get: () => modelOf(store.get().data) });
  /** β when it last lay still: Python is asked about this one, while the slider's own may still be under a finger. */
  ctx.restingBeta = store.get().beta;
  store.subscribe(null, (_, { commit, state }) => commit && settle(ctx, state));
  /** Pixel probabilities at z from the decoder in the browser; null while its weights are on the way. */
  ctx.decode = (z, beta = store.get().beta) => ctx.map.decoder(beta)?.decode(z, 1) ?? null;
  /* the stage stays as long as the page: nothing ends what follows it */
  const [{ take, ready }] = owned(() => {
    const followed = follow(ctx);
    ctx.classCodes = followClass(ctx, followed);
    ctx.map = new LatentPlane(ctx, followed);
    ctx.curve = createCurve(followed);
    createLegend(followed);
    createControls(ctx, followed);
    return { take: followed.take, ready: followFiles(ctx, followed) };
  });
  const { map, decode } = ctx;
  if (ON_MAP.includes(store.get().mode)) ctx.root.querySelector(".main").append(map.element);
  return { parts: [{ update: take }], decode, map, ready };
}

/** A gesture has ended: what waited for β to rest may go on. */
function settle(ctx, state) {
  if (ctx.restingBeta === state.beta) return;
  ctx.restingBeta = state.beta;
  ctx.refresh("rest");
}

/** Shows the progress of the decoder on the map; a screen reader hears it once, from the status line. */
function createShare(map) {
  const words = h("p", { class: "share-read", "aria-hidden": "true", hidden: true });
  map.frame.append(words);
  const progress = createProgress();
  return (part, share) => {
    setText(words, [`decoder ${Math.floor(100 * share)} %`, progress.words(share)].filter(Boolean).join(", "));
    words.hidden = part !== "decoder" || share === 1;
  };
}

/** Reads each data set, and has every mode report that it is being read, or cannot be; resolves once the first is read. */
function followFiles(ctx, { state, news }) {
  const share = createShare(ctx.map);
  let ready = null;
  whenever(() => {
    void state.data;
    const reading = untracked(() => load(ctx, share));
    ready ??= reading;
  });
  const isMounted = computed(() => news.value > 0);
  whenever(() => {
    void [state.data, state.mode];
    if (isMounted.value) untracked(() => tellFiles(ctx));
  });
  return ready;
}

function tellFiles({ model: { problem, ready }, say }) {
  if (problem) say(problem, "error", null);
  else if (!ready) say("Reading the decoder…", "busy", null);
}

/** Fetches the current data set and shows it part by part, or says why it cannot be shown; a lost line is waited for. */
async function load(ctx, share) {
  const { model } = ctx;
  const isShown = () => ctx.model === model;
  const arrived = (part, much) => {
    if (isShown()) share(part, much);
    if (much === 1) ctx.refresh("assets");
  };
  if (model.entry.error) return;
  try {
    const wasReady = model.ready;
    await untilItComes(
      () => model.load(ctx.store.get().beta, arrived),
      () => isShown() && ctx.say(LOST, "error", null),
    );
    model.problem = null;
    if (isShown() && !wasReady) ctx.sayProblem();
  } catch (error) {
    console.warn(error.message);
    model.problem = UNREADABLE;
    if (isShown()) ctx.say(UNREADABLE, "error", null);
  }
  ctx.refresh("assets");
}
