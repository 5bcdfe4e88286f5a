/** Compress: one picture, text or sound becomes a file, by every family that has a p(x) for a coder. */

import { whenever } from "../kit/base/live.js";
import { createFiled } from "../kit/export/filed.js";
import { mode } from "../kit/panel/mode.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { askedOf } from "../questions/asked.js";

const SYMBOLS = { picture: "pixels", text: "characters", sound: "samples" };

/** @param {import("../kit/panel/mode.js").Self} self */
function compress(self) {
  const { ctx, state } = self;

  /** Shows the x of a file, and says whose it is. */
  function opened({ net, of, length, words, values }, bytes) {
    filed.read(of === "picture" ? fromBase64(values) : null);
    if (of !== "picture") ctx.store.commit(of === "text" ? { of, words } : { of });
    return `${bytes} bytes by ${net} were read back as ${length} ${SYMBOLS[of]}. The checksum is right.`;
  }
  let filed;
  return askedOf(self, {
    /** Only a picture has to be chosen. */
    asks: ({ picture, ...asked }) => (state.of === "picture" ? { ...asked, picture } : asked),
    ofPanel({ value, chooser }) {
      const nameOf = () => value.value.name;
      filed = createFiled(ctx, { answer: value, nameOf, opened, save: "Download the shortest file" });
      whenever(() => (chooser.element.hidden = state.of !== "picture"));
      return filed.elements;
    },
  });
}

export default mode(compress);
