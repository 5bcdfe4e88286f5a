/** The lab: sets that are damaged on purpose, and the metrics that judge them. */

import { mountNetworks } from "../kit/shell/network_stage.js";

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    key: "data",
    label: "Data set",
    chooses: () => true,
    tour: { first: "damage", note: "" },
  });
}
