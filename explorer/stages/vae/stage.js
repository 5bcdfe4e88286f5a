/**
 * The latent map, and the shared questions: builds the layout, the store and the context, loads the modes and draws once a
 * display frame.
 */

import { fieldsOf, keepAddress, queryOf, readAddress } from "../kit/shell/address.js";
import { createAsk } from "../kit/shell/ask.js";
import { addCompareLink } from "../kit/shell/compare_link.js";
import { fill, h, setText } from "../kit/shell/dom.js";
import { mindSliders } from "../kit/shell/finger.js";
import { createFrame, createSay, createSpeaker } from "../kit/shell/frame.js";
import { createKeep } from "../kit/export/keep.js";
import { createSets } from "../kit/image/images.js";
import { untilItComes } from "../kit/shell/line.js";
import { createModes } from "../kit/shell/modes.js";
import { lostIn, withOpened } from "../kit/shell/opened.js";
import { createRenewingStore } from "../kit/shell/store.js";
import { Assets } from "./assets.js";
import { rowsOf } from "./card.js";
import { createControls } from "./controls.js";
import { createCurve } from "./curve.js";
import { buildLayout } from "./layout.js";
import { createLegend } from "./legend.js";
import { loaderOf } from "./loader.js";
import { createMap } from "./map.js";

const SENTENCE_UNREADABLE =
  "The model of this data set cannot be read, so its map stays empty. The other data set still works.";
const SENTENCE_LOST = "The model of this data set could not be read; perhaps the line is down. It is asked for again " +
  "every few seconds.";
const SENTENCE_NO_IMAGES =
  "The test images cannot be read; the map and the decoder work without them. Choose this again to retry.";

/** What decides which films of a shared question are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = ["mode", "data", "seed", "img", "draw", "source", "keep"];

/** Called once by Gradio for each mounted component. */
export function mount({ element, props, server, watch, base }) {
  const root = element.querySelector(".stage");
  if (root.explorer) return;
  const { tab, datasets, modes } = withOpened(props.value, (opened) => take(opened));
  const fields = fieldsOf(props.value.fields);
  const store = createRenewingStore(readAddress(fields, queryOf(tab)), OF_FILMS, { at: fields.at.initial });
  const layout = buildLayout(root, store, datasets, props.value);
  const ctx = createContext({ root, store, fields, server, layout, props, base });
  const parts = [];
  ctx.refresh = createFrame(ctx, parts);
  ctx.map = createMap(ctx, layout);
  const curve = createCurve(ctx);
  ctx.curve = curve.element;
  const shown = modesOf(ctx, layout);
  ctx.again = shown.again;
  const kept = () => {
    const mode = shown.current();
    if (!layout.map.isConnected) return mode;
    return {
      hasResult: (what) => what === "table" ? mode.hasResult?.(what) ?? true : ctx.assets.ready,
      picture: () => ctx.map.picture(layout.panel),
      table: mode.table && (() => mode.table()),
    };
  };
  parts.push(
    layout,
    createLegend(ctx, layout),
    createControls(ctx, layout),
    curve,
    createKeep(ctx, layout, kept),
    shown,
    ctx.map,
  );
  store.subscribe(null, (changed, { commit, state }) => {
    if (changed.size) ctx.refresh(...changed);
    if (changed.has("mode")) ctx.say.leave();
    if (changed.has("data")) load(ctx);
    if (commit) settle(ctx, state);
  });
  mindSliders(root);
  watch("value", () => ctx.refresh("value"));
  keepAddress(root, store, { tab, fields, modes });
  addCompareLink(layout.first, { store, fields, net: ctx.net }, props.value.compared);
  const take = ({ net, title, value }) => {
    ctx.addEntry(net, value);
    layout.addChoice(net, title);
  };
  const sayLost = (lost) => lost && ctx.say(lost, "error", null);
  const lost = lostIn(queryOf(tab));
  const ready = load(ctx).then(() => sayLost(lost));
  addEventListener("popstate", () => sayLost(lostIn(queryOf(tab))));
  ctx.refresh("mount");
  /* What tests and curious visitors may ask the page: the decoder, the state, the map, the mode, and when all is read. */
  root.explorer = { decode: ctx.decode, store, map: ctx.map, mode: shown.current, ready };
}

/** The modes draw into the panel, and the one that is entered onto the map as well, unless it has a picture of its own. */
function modesOf(ctx, layout) {
  const modes = createModes(ctx, {
    load: loaderOf(ctx),
    show({ main, panel }) {
      layout.stand(main);
      fill(layout.panel, panel);
    },
    setHint: layout.setHint,
    entered(instance) {
      ctx.map.setMode(instance);
      ctx.map.redraw();
    },
  });
  return { ...modes, current: () => ctx.map.mode.inner ?? ctx.map.mode };
}

/** A gesture has ended: what waited for β to rest may go on. */
function settle(ctx, state) {
  if (ctx.restingBeta === state.beta) return;
  ctx.restingBeta = state.beta;
  ctx.refresh("rest");
}

/** What every mode is given. */
function createContext({ root, store, fields, server, layout, props, base }) {
  const [entries, sets] = [{}, {}];
  const addEntry = (name, entry) => {
    entries[name] = { ...entry, curve: rowsOf(entry.curve) };
    sets[name] = new Assets(base, entries[name]);
  };
  for (const [name, entry] of Object.entries(props.value.datasets)) addEntry(name, entry);
  const say = createSay(layout.status, () => ctx.again());
  const ctx = {
    root,
    store,
    /** What a visitor can change, by key: bounds, and the initial value. */
    fields,
    server,
    base,
    /** The picture of the mechanism, which is told what mode is on screen. */
    mechanism: layout.mechanism,
    /** Puts a mode's own picture in the place of the map, or the map back. */
    stand: layout.stand,
    say,
    /** How much of a part of the data set has come, as long as some of it has not. */
    showShare: createShare(layout.map),
    /** Sets the line above the panel, which says how the mode is used. */
    hint: layout.setHint,
    /** The text alternative of the map; spoken once what it describes has come to rest. */
    describe: createSpeaker(layout.spoken),
    value: () => props.value,
    addEntry,
    entry: () => entries[store.get().data],
    /** What is known of the network in use. */
    net: () => ({ name: ctx.entry().column.net, ...ctx.entry() }),
    /** To whom the shared questions are put: the network at β = 1, whatever the slider says. */
    columns: () => [{ ...ctx.net().column, title: "VAE at β = 1" }],
    colours: () => ctx.map.colours,
    get assets() {
      return sets[store.get().data];
    },
    ask: createAsk(server, say, root),
    /** β when it last lay still: Python is asked about this one, while the slider's own may still be under a finger. */
    restingBeta: store.get().beta,
    /** Calls `work` once the test images of the current data set are there, or says that they cannot be read. */
    sprites: (work) => ctx.assets.sprites().then(work, () => say(SENTENCE_NO_IMAGES, "error")),
    /** Pixel probabilities at z from the decoder in the browser; null while its weights are on the way. */
    decode(z, beta = store.get().beta) {
      const decoder = ctx.map.decoder(beta);
      return decoder && decoder.decode(z, 1);
    },
    prefersReducedMotion: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    theme: () => (document.body.classList.contains("dark") ? "dark" : "light"),
    /** Resolves to the test images of a data set; says so where they cannot be read, and resolves to null. */
    images: (dataset, img) => ctx.sets.read(dataset, img),
  };
  ctx.sets = createSets(ctx, props.value.bundled);
  return ctx;
}

/** Says on the map how much of the decoder has come; who listens is told once, by the status line. */
function createShare(map) {
  const words = h("p", { class: "share-read", "aria-hidden": "true", hidden: true });
  map.append(words);
  return (part, share) => {
    setText(words, `decoder ${Math.floor(100 * share)} %`);
    words.hidden = part !== "decoder" || share === 1;
  };
}

/**
 * Fetches the current data set and shows it part by part, or says why it cannot be shown; a lost line is waited for.
 */
async function load(ctx) {
  const { assets, store } = ctx;
  const { data, beta } = store.get();
  const problem = assets.entry.error;
  const say = (text, kind) => store.get().data === data && ctx.say(text, kind, null);
  const arrived = (part, share) => {
    if (store.get().data === data) ctx.showShare(part, share);
    if (share === 1) ctx.refresh("assets");
  };
  try {
    if (problem) throw new Error(problem);
    if (!assets.ready) say("Reading the decoder…", "busy");
    await untilItComes(() => assets.load(beta, arrived), () => say(SENTENCE_LOST, "error"));
    say("");
  } catch (error) {
    console.warn(error.message);
    say(problem ?? SENTENCE_UNREADABLE, "error");
  }
  ctx.refresh("assets");
}
