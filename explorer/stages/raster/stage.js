/** The raster: networks that write images pixel after pixel, and the image that its modes share. */

import { mountNetworks } from "../shared/network_stage.js";
import { createStore } from "../shared/store.js";
import { Drawn } from "./drawn.js";
import { MODES, fields } from "./fields.js";
import { loaderOf } from "./loader.js";

/** What decides which image is drawn and watched: an override is of that image, and goes with it. */
const OF_IMAGE = ["net", "seed", "label", "T", "grid", "tap", "order"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, { id: "raster", fields, modes: MODES, onNet: { pixel: null }, loaderOf, storeOf: createRasterStore, extend: share });
}

/** A store whose overrides go when their image does, unless what replaces the image brings its own. */
function createRasterStore(initial) {
  const store = createStore(initial);
  const another = (patch) => OF_IMAGE.some((key) => key in patch && patch[key] !== store.get()[key]);
  const set = (patch, options) => store.set(another(patch) ? { over: [], ...patch } : patch, options);
  return { ...store, set };
}

function share(ctx) {
  ctx.drawn = new Drawn(ctx);
  return { drawn: ctx.drawn };
}
