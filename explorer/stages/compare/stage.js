/** The comparison: all families of a data set, asked the same, beside each other. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/base/store.js";

/** Keys that decide which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = [
  ...["mode", "data", "seed", "label", "img", "draw", "source", "keep", "img2", "x", "y", "axis"],
  ...["prompt", "prompt2", "seed2", "given", "hole"],
];

/** Choices above the modes: the data sets. @param {StageValue} value */
const choicesOf = ({ datasets }) => datasets;

/**
 * The family with which a visitor comes from its own tab stands first, and stands out.
 * @param {Net} net @param {Partial<State>} state
 */
const columnsOf = ({ families }, { lit }) => [
  ...families.filter(({ family }) => family === lit).map((family) => ({ ...family, lit: true })),
  ...families.filter(({ family }) => family !== lit),
];

/** Called once by Gradio for each mounted component. @param {Mounted} mounted */
export function mount(mounted) {
  /** @type {StageOwn["storeOf"]} */
  const storeOf = (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial });
  mountNetworks(mounted, {
    asks: true,
    key: "data",
    label: "Data set",
    choicesOf,
    storeOf,
    columnsOf,
    extend: share,
    tour: { first: "make", note: "The tour is about MNIST; your data set comes back when you leave it." },
  });
}

const share = (/** @type {Ctx} */ ctx) => ({ families: ctx.columns });
