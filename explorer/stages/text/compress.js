/** Compress: a text becomes a file of about −log₂ p(x) bits, which the same network reads back. */

import { createCodeFile } from "../kit/export/code_file.js";
import { moreControls } from "../kit/panel/more.js";
import { Texts } from "./texts.js";

class Compress extends Texts {
  below() {
    return [moreControls(createCodeFile(this))];
  }

  /** Shows the text of a file. */
  opened({ net, words }, bytes) {
    this.ctx.store.commit({ net, words, tap: null });
    return `${bytes} bytes were read back as ${words.length} characters. The checksum is right.`;
  }
}

export default {
  hint: "Better predictions make a shorter file of your text",
  create: (ctx) => new Compress(ctx, "compress"),
};
