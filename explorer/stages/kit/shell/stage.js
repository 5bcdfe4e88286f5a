/** A stage of networks, as Python declares it. */

import { mountNetworks } from "./network_stage.js";
import { createRenewingStore } from "../base/store.js";

/** @param {Record<string, Field>} fields @param {string[]} keys @returns {Partial<State>} */
const initialOf = (fields, keys) => Object.fromEntries(keys.map((key) => [key, fields[key].initial]));

/** Called once by Gradio for each mounted component. @param {Mounted} mounted */
export function mount(mounted) {
  const { asks, first, note, renews, fresh, apart, about, spaces, key, label } = mounted.props.value.networks;
  const nets = () => mounted.props.value.nets;
  const isAlone = () => key === "net" && Object.keys(nets()).length === 1;
  const isOf = (net, space) => !space || nets()[net]?.column?.space === space;
  mountNetworks(mounted, {
    asks,
    key,
    label,
    chooses: (mode, net) =>
      about !== null && !isAlone() && about[mode] !== null && net.startsWith(about[mode] ?? "") &&
      isOf(net, spaces[mode]),
    storeOf: (initial, fields) =>
      createRenewingStore(initial, renews, initialOf(fields, fresh), initialOf(fields, apart)),
    tour: { first, note },
  });
}
