/** Sounds: a network that speaks, that is surprised by recordings, and that tells which digit was spoken. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which film or answer is shown: a place in it goes with it. */
const OF_FILM = ["mode", "net", "seed", "digit", "speaker", "given", "temperature"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    chooses: (mode) => mode !== "dilations" && Object.keys(mounted.props.value.nets).length > 1,
    storeOf: (initial) => createRenewingStore(initial, OF_FILM, { at: null, tap: null }),
    tour: { first: "speak", note: "" },
  });
}
