/** Autoencoders: networks that encode an image and rebuild it, by modes of their own and by the shared questions. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which images are shown: a place on a film's clock is of these. */
const OF_FILMS = ["mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "set", "x", "y", "axis"];

/** The shared questions, which are put to whichever network is chosen; every other mode chooses its own. */
const SHARED = ["make", "complete", "likelihood", "anomaly", "interpolate"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode) => SHARED.includes(mode),
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial }),
    tour: { first: "map", note: "The tour chooses its own networks; yours comes back when you leave it." },
  });
}
