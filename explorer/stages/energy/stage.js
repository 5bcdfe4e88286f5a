/** The energies: networks whose density is known up to a constant, and the chains that draw from them. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";
import { OF_IMAGES } from "./of_images.js";

/** What decides which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = [
  ...["mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "x", "y", "axis"],
  ...["way", "kernel", "eps", "temp", "chains", "cure", "drops", "length", "k", "jumps", "steps"],
  ...["set", "begin", "clamp", "longer", "stride"],
];

/** Modes of the plane, which offer its data sets themselves. */
const OF_PLANE = ["landscape", "ways", "live"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode) => !OF_PLANE.includes(mode) && !(mode in OF_IMAGES),
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial }),
    tour: { first: "landscape", note: "The tour chooses its own networks; yours comes back when you leave it." },
  });
}
