/** Translations: an outline becomes a garment, and a thin digit a bold one. */

import { mountNetworks } from "../kit/shell/network_stage.js";

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, { chooses: () => false, tour: { first: "paired", note: "" } });
}
