/**
 * The picture that a visitor has chosen: a test image or an opened picture in grey, or a drawing in black and white.
 */

import { greysOf, isPicture } from "../image/opened_picture.js";
import { withArticle } from "./parts.js";
import { drawnOrTest } from "../image/picture.js";

/** Name of it, with its class: "test image 12, an 8". */
export function chosenName({ store, net, assets }) {
  const { bits, test } = drawnOrTest(store.get(), net().dataset) ?? {};
  if (bits) return isPicture(bits) ? "your picture" : "your drawing";
  return test === undefined
    ? "no picture"
    : `test image ${test}${assets.has(test) ? `, ${withArticle(assets.classes[assets.labels[test]])}` : ""}`;
}

/** 784 bytes, or null where nothing is chosen or the test images are not read yet. */
export function greyOf(ctx) {
  const picture = drawnOrTest(ctx.store.get(), ctx.net().dataset);
  if (picture === null) return null;
  if (picture.bits) return greysOf(picture.bits);
  return ctx.assets.sprite(picture.test);
}
