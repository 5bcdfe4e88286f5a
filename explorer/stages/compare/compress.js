/** Compress: one picture, text or sound becomes a file, by every family that has a p(x) for a coder. */

import { createFiled } from "../kit/export/filed.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { Asked } from "../questions/asked.js";

const SYMBOLS = { picture: "pixels", text: "characters", sound: "samples" };

class Compress extends Asked {
  below() {
    this.filed = createFiled(this, { nameOf: () => this.value.name, save: "Download the shortest file" });
    return [...this.filed.elements, ...super.below()];
  }

  get isPicture() {
    return this.ctx.store.get().of === "picture";
  }

  /** Only a picture has to be chosen. */
  get asked() {
    return this.isPicture ? super.asked : { ...super.asked, picture: undefined };
  }

  show() {
    super.show();
    this.chooser.element.hidden = !this.isPicture;
  }

  /** Shows the x of a file, and says whose it is. */
  opened({ net, of, length, words, values }, bytes) {
    this.filed.read(of === "picture" ? fromBase64(values) : null);
    if (of !== "picture") this.ctx.store.commit(of === "text" ? { of, words } : { of });
    return `${bytes} bytes by ${net} were read back as ${length} ${SYMBOLS[of]}. The checksum is right.`;
  }
}

export default {
  create: (ctx) => new Compress(ctx, "compress"),
};
