/** The first page: every family of a data set, on a map and in a table of the questions that it answers. */

import { mountNetworks } from "../kit/shell/network_stage.js";

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  mountNetworks(mounted, {
    key: "data",
    label: "Data set",
    choicesOf: ({ datasets }) => datasets,
    columnsOf: ({ families }) => families,
    chooses: (mode) => mode !== "exam",
  });
}
