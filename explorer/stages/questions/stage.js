/** A family by the shared questions: one column, which is the network in use, and the modes that it names of its own. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = ["mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "x", "y", "axis"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial }),
    tour: { first: "make", note: "The tour chooses its own networks; yours comes back when you leave it." },
  });
}
