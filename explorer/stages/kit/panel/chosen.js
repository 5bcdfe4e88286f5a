/**
 * The picture that a visitor has chosen, as the network is fed it: a test image in grey, or a drawing in black and
 * white.
 */

import { fromBase64, unpackBits } from "../plane/tensors.js";
import { withArticle } from "./parts.js";
import { drawnOrTest } from "../image/picture.js";

/** Name of it, with its class: "test image 12, an 8". */
export function chosenName({ store, net, assets }) {
  const { bits, test } = drawnOrTest(store.get(), net().dataset) ?? {};
  if (bits) return "your drawing";
  return test === undefined
    ? "no picture"
    : `test image ${test}${assets.has(test) ? `, ${withArticle(assets.classes[assets.labels[test]])}` : ""}`;
}

/** 784 bytes, or null where nothing is chosen or the test images are not read yet. */
export function greyOf(ctx) {
  const picture = drawnOrTest(ctx.store.get(), ctx.net().dataset);
  if (picture === null) return null;
  if (picture.bits) return unpackBits(fromBase64(picture.bits)).map((bit) => 255 * bit);
  return ctx.assets.sprite(picture.test);
}
