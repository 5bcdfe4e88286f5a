/** Modes of images: who comes with a flow of points is given the first flow of images. */

/** True of a network of images. */
const isOfImages = (net) => net?.column?.space === "levels";

/** True if the network in use is one of images, or could not be read; else the first of images is taken. */
export function takeImages({ store, net, value }) {
  if (isOfImages(net()) || net().error) return true;
  const first = Object.entries(value().nets).find(([, each]) => isOfImages(each));
  if (first) store.set({ net: first[0] });
  return !first;
}
