/** The GAN: pairs of networks that played against each other, and what can be asked of them. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which film is shown: a place in it is of that film, and goes with it. */
const OF_FILM = ["mode", "net", "seed", "label", "plane", "img", "img2", "draw", "source", "set", "keep"];

/** Modes of the game, which has no data set of images, and of the one training that was kept. */
const OF_ONE = ["game", "collapse", "gradient", "learn"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode) => !OF_ONE.includes(mode),
    tour: { first: "generate", note: "The tour is about the MNIST network; yours comes back when you leave it." },
    storeOf: (initial) => createRenewingStore(initial, OF_FILM, { at: null }),
  });
}
