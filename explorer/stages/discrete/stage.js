/** Discrete diffusion: pixels that are masked and unmasked, and the questions that anybody may ask of the network. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = ["mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "order", "per"];

/** Modes of one network or of both. */
const OWN = ["unmask", "chain", "chains", "orders", "bound"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode) => !OWN.includes(mode),
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial, over: [] }),
    tour: { first: "unmask", note: "The tour chooses its own images; yours come back when you leave it." },
  });
}
