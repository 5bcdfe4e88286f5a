/** Modes about the network of the chain that masks: who comes with the other one is given it. */

const MASKING = "d3pm-mnist";

export function takeMasking({ store }) {
  if (store.get().net !== MASKING) store.set({ net: MASKING });
}
