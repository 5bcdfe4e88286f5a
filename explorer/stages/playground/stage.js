/** The playground: a board for points, and several families that learn them side by side. */

import { mountNetworks } from "../kit/shell/network_stage.js";
import { createRenewingStore } from "../kit/shell/store.js";

/** A place on the clock belongs to the training that these describe. */
const OF_TRAINING = [
  ...[
    "mode",
    "data",
    "board",
    "noise",
    "n",
    "learn",
    "steps",
    "clock",
    "width",
    "deeper",
    "rate",
    "batch",
    "knobs",
    "seed",
  ],
];

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    chooses: () => false,
    storeOf: (initial, { at }) => createRenewingStore(initial, OF_TRAINING, { at: at.initial }),
    tour: { first: "side", note: "" },
  });
}
