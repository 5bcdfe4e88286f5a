/** The flows: invertible networks, their own modes, and the questions that anybody may ask of them. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";
import { isOfImages } from "./of_images.js";

/** What decides which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = ["mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "x", "y", "axis"];

/** Modes of the plane, which offer its data sets themselves. */
const OF_PLANE = ["warp", "coupling", "variables"];
const OF_IMAGES = ["layers", "fifth"];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    asks: true,
    chooses: (mode, net) =>
      !OF_PLANE.includes(mode) && !(OF_IMAGES.includes(mode) && !isOfImages(mounted.props.value.nets[net])),
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial }),
    tour: { first: "warp", note: "The tour chooses its own networks; yours comes back when you leave it." },
  });
}
