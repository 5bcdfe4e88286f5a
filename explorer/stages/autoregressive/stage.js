/** The raster: networks that write images pixel after pixel, and the image that its modes share. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/base/store.js";
import { Drawn } from "./drawn.js";

/** Keys that decide which image is drawn and watched: an override is of that image, and goes with it. */
const OF_IMAGE = ["net", "seed", "label", "T", "grid", "tap", "order"];

const storeOf = (initial) => createRenewingStore(initial, OF_IMAGE, { over: [] });

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  const chooses = (mode) => !["chain", "reward"].includes(mode);
  mountNetworks(mounted, {
    chooses,
    onNet: { pixel: null },
    tour: { first: "generate", note: "The tour chooses its own networks; yours comes back when you leave it." },
    storeOf,
    extend: share,
  });
}

function share(ctx) {
  ctx.drawn = new Drawn(ctx);
  return { drawn: ctx.drawn };
}
