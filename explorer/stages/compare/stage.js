/** The comparison: all families of a data set, asked the same, beside each other. */

import { mountNetworks } from "../kit/network_stage.js";
import { createRenewingStore } from "../kit/store.js";
import { followLinks } from "./links.js";

/** What decides which films are shown: a place on their clock is of these films, and goes with them. */
const OF_FILMS = ["mode", "data", "seed", "label", "img", "draw", "source", "keep"];

/** What can be chosen above the modes: the data sets, each with its own images. */
const choicesOf = ({ datasets }) =>
  Object.fromEntries(Object.entries(datasets).map(([dataset, known]) => [dataset, { dataset, ...known }]));

/** Called once by Gradio for each mounted component. */
export function mount(mounted) {
  const storeOf = (initial, { at }) => createRenewingStore(initial, OF_FILMS, { at: at.initial });
  mountNetworks(mounted, {
    id: "compare",
    key: "data",
    label: "Data set",
    choicesOf,
    read: (id) => import(`./${id}.js`),
    storeOf,
    extend: share,
  });
}

/** The families of the data set in use; and the texts below lead here. */
function share(ctx) {
  followLinks(ctx);
  ctx.families = () => ctx.net().families;
  return { families: ctx.families };
}
