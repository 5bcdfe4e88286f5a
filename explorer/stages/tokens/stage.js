/** Codes with a model of their own: tokens and their prior, and a diffusion of codes. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which images are shown: a place on a film's clock, and exchanged tokens, are of these. */
const OF_FILMS = ["mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "set", "x", "y", "axis"];

/** With what the names of the networks begin that a mode is about; the shared questions are put to all of them. */
const ABOUT = { tokens: "vqvae-", straight: "vqvae-", slow: "vqvae-", surprise: "vqvae-", latent: "latent-diffusion-" };

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode, net) => net.startsWith(ABOUT[mode] ?? ""),
    storeOf: (initial, { at, swaps }) =>
      createRenewingStore(initial, OF_FILMS, { at: at.initial, swaps: swaps.initial }),
    tour: { first: "tokens", note: "The tour chooses its own networks; yours comes back when you leave it." },
  });
}
