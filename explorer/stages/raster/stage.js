/** The raster: builds the layout, the store and the context, loads the modes and draws once a display frame. */

import { queryOf, readAddress, rewriteWhenShown, writeAddress } from "../shared/address.js";
import { createAsk } from "../shared/ask.js";
import { fill } from "../shared/dom.js";
import { createFrame, createSpeaker } from "../shared/frame.js";
import { createModes } from "../shared/modes.js";
import { palette } from "../shared/palette.js";
import { createStore } from "../shared/store.js";
import { Drawn } from "./drawn.js";
import { fields } from "./fields.js";
import { Images } from "./images.js";
import { createKeep } from "./keep.js";
import { buildLayout } from "./layout.js";
import { loaderOf } from "./loader.js";
import { pictureOf } from "./picture.js";

const TAKES_KEYS = "input, select, textarea, [role=tab]";
/** What decides which image is drawn and watched: an override is of that image, and goes with it. */
const OF_IMAGE = ["net", "seed", "label", "T", "grid", "tap", "order"];
const SENTENCE_NO_IMAGES = "The test images cannot be read; everything else works without them. Choose this again to retry.";

/** Called once by Gradio for each mounted component. */
export function mount({ element, props, server, watch, base }) {
  const root = element.querySelector(".stage");
  if (root.explorer) return;
  const store = createRasterStore(readAddress(fields, queryOf(props.value.tab)));
  const layout = buildLayout(root, store, props.value.nets);
  const ctx = createContext({ root, store, server, layout, props, base });
  const parts = [];
  ctx.refresh = createFrame(ctx, parts);
  ctx.drawn = new Drawn(ctx);
  const modes = modesOf(ctx, layout);
  parts.push(layout, modes, createKeep(ctx, layout, modes.current));
  store.subscribe(null, (changed, { commit, state }) => {
    if (changed.size) ctx.refresh(...changed);
    if (changed.has("net") || (commit && layout.status.dataset.kind === "info")) sayProblem(ctx);
    if (commit && root.clientWidth > 0) writeAddress(fields, state);
  });
  root.addEventListener("keydown", (event) => {
    const taken = event.defaultPrevented || event.target.closest(TAKES_KEYS) || event.target.matches("[role=tabpanel]");
    if (!taken && modes.current().key?.(event)) event.preventDefault();
  });
  watch("value", () => ctx.refresh("value"));
  rewriteWhenShown(root, () => writeAddress(fields, store.get()));
  sayProblem(ctx);
  ctx.refresh("mount");
  /* What tests and curious visitors may ask the page: the state, what was drawn, and the mode on screen. */
  root.explorer = { store, drawn: ctx.drawn, mode: modes.current };
}

/** A store whose overrides go when their image does, unless what replaces the image brings its own. */
function createRasterStore(initial) {
  const store = createStore(initial);
  const another = (patch) => OF_IMAGE.some((key) => key in patch && patch[key] !== store.get()[key]);
  const set = (patch, options) => store.set(another(patch) ? { over: [], ...patch } : patch, options);
  return { ...store, set };
}

/** One mode is on screen; while the tour is, it is the one that works under its card. */
function modesOf(ctx, layout) {
  let shown = {};
  const modes = createModes(ctx, {
    load: loaderOf(ctx),
    show({ main, panel }) {
      fill(layout.main, main);
      fill(layout.panel, panel);
    },
    setHint: layout.setHint,
    entered(instance) {
      shown = instance;
      ctx.refresh("entered");
    },
  });
  return { ...modes, current: () => shown.inner ?? shown };
}

/** What every mode is given. */
function createContext({ root, store, server, layout, props, base }) {
  const sets = Object.fromEntries(Object.entries(props.value.bundled).map(([name, path]) => [name, new Images(base, path)]));
  const say = (text, kind = "info") => {
    layout.status.dataset.kind = kind;
    layout.status.textContent = text ?? "";
  };
  const ctx = {
    root,
    store,
    say,
    /** Sets the line above the panel, which says how the mode is used. */
    hint: layout.setHint,
    /** The text alternative of the picture; spoken once what it describes has come to rest. */
    describe: createSpeaker(layout.spoken),
    value: () => props.value,
    /** What is known of the network in use. */
    net: () => ({ name: store.get().net, ...props.value.nets[store.get().net] }),
    ask: createAsk(server, say, root),
    /** The test images of the set in use, for what shows them if they are there. */
    get assets() {
      return sets[store.get().set ?? ctx.net().dataset];
    },
    /** Resolves to the test images of a data set; says so where they cannot be read, and resolves to null. */
    images: (dataset) => readImages(ctx, sets[dataset]),
    picture: () => pictureOf(store.get(), ctx.net().dataset),
    prefersReducedMotion: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    theme: () => (document.body.classList.contains("dark") ? "dark" : "light"),
    colours: () => palette(ctx.theme(), layout.hint),
  };
  return ctx;
}

async function readImages(ctx, images) {
  if (images.ready) return images;
  try {
    await images.load();
    ctx.refresh("assets");
    return images;
  } catch (error) {
    console.warn(error.message);
    ctx.say(SENTENCE_NO_IMAGES, "error");
    return null;
  }
}

function sayProblem(ctx) {
  const { error } = ctx.net();
  ctx.say(error ?? "", error ? "error" : "info");
}
