/** The diffusion: networks that predict noise, and what can be asked of them. */

import { mountNetworks } from "../shared/network_stage.js";
import { MODES, fields } from "./fields.js";
import { loaderOf } from "./loader.js";

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, { id: "diffusion", fields, modes: MODES, loaderOf });
}
