/** Compress: a text becomes a file of about −log₂ p(x) bits, which the same network reads back. */

import { createCodeFile } from "../kit/export/code_file.js";
import { mode } from "../kit/panel/mode.js";
import { moreControls } from "../kit/panel/more.js";
import { textual } from "./texts.js";

/** @param {import("../kit/panel/mode.js").Self} self */
function compress(self) {
  const { ctx, value, asked, room, show } = textual(self);

  /** Shows the text of a file. */
  function opened({ net, words }, bytes) {
    ctx.store.commit({ net, words, tap: null });
    return `${bytes} bytes were read back as ${words.length} characters. The checksum is right.`;
  }
  const file = createCodeFile(ctx, { answer: value, nameOf: () => asked.value.net, opened });
  return show({ add: [room], below: [moreControls(file)] }).mode;
}

export default mode(compress, { hint: "Better predictions make a shorter file of your text" });
