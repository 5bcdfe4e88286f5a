/** StyleGAN: its own modes, and the questions that anybody may ask of it. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = ["mode", "net", "seed", "img", "img2", "draw", "source", "keep"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: () => true,
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial }),
    tour: { first: "mix", note: "The tour chooses its own network; yours comes back when you leave it." },
  });
}
