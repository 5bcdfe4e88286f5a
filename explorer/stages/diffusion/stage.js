/** The diffusion: networks that predict noise, and what can be asked of them. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** What decides which film is shown: a place in it is of that film, and goes with it. */
const OF_FILM = [
  "mode",
  "net",
  "seed",
  "label",
  "w",
  "sampler",
  "steps",
  "eta",
  "left",
  "right",
  "moment",
  "grid",
  "img",
  "img2",
  "draw",
  "source",
  "start",
  "keep",
  "mask",
  "resamples",
];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode) => mode !== "field",
    tour: { first: "forward", note: "The tour is about the MNIST network; yours comes back when you leave it." },
    storeOf: (initial) => createRenewingStore(initial, OF_FILM, { at: null }),
  });
}
