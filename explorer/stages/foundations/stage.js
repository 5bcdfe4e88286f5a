/** The foundations: what every family rests on, without any network. */

import { mountNetworks } from "../kit/shell/network_stage.js";

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, { chooses: () => false, tour: { first: "likelihood", note: "" } });
}
