/** Texts: networks that write, that are surprised by what others wrote, and that fill in what is missing. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which film is shown: a place in it goes with it. */
const OF_FILM = ["mode", "net", "seed", "prompt", "length", "temperature", "k", "p", "gap", "order", "steps", "read"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    chooses: (mode) => mode === "generate",
    storeOf: (initial) => createRenewingStore(initial, OF_FILM, { at: null, tap: null, again: [] }),
    tour: { first: "generate", note: "" },
  });
}
