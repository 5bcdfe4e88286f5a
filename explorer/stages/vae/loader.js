/** The modes of the stage: those of the map lie beside this module, and the shared questions have pictures of their own. */

import { streaming } from "../kit/film/stream.js";
import { createLoader, onePanel, pictureAndPanel } from "../kit/shell/loader.js";

const OWN = ["gaps"]; // modes of this tab with a picture in the place of the map

/** A shared question shows the test images as the other stages do; those of the map come with its codes. */
const withImages = (mode) => ({
  ...mode,
  create: (ctx) => mode.create(Object.create(ctx, { assets: { get: () => ctx.sets.of(ctx.net().dataset) } })),
});

export function loaderOf(ctx) {
  const { modes } = ctx.value();
  const moduleOf = (id) => modes.find((mode) => mode.id === id).module;
  const isShared = (id) => moduleOf(id).startsWith("questions/");
  const read = async (id) => {
    const module = await import(`../${moduleOf(id)}.js`);
    return isShared(id) ? { default: streaming(withImages(module.default)) } : module;
  };
  return createLoader(ctx, read, (id) => (isShared(id) || OWN.includes(id) ? pictureAndPanel(id) : onePanel(id)));
}
