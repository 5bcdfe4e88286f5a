/** Compress: half a second of sound becomes a file of about −log₂ p(x) bits, which the network reads back. */

import { createCodeFile } from "../kit/export/code_file.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { num } from "../kit/base/format.js";
import { moreControls } from "../kit/panel/more.js";
import { amplitudeOf } from "../spaces/wave.js";
import { Recorded } from "./recorded.js";

class Compress extends Recorded {
  below() {
    const nameOf = () => ["net", "digit", "speaker"].map((key) => this.answer.asked[key]).join("-");
    return [...super.below(), moreControls(createCodeFile(this, { nameOf }))];
  }

  /** The sound of a file becomes the visitor's own sound. */
  opened({ net, levels, digit, speaker }, bytes) {
    const { store, value } = this.ctx;
    const amplitudes = Array.from(fromBase64(levels), amplitudeOf);
    store.commit({ net, digit, speaker, tap: null });
    this.own.set(amplitudes.map((each) => each / value().peaks[speaker]), "The sound of the file.");
    return `${num(bytes, 0)} bytes were read back as ${num(amplitudes.length, 0)} samples. The checksum is right.`;
  }
}

export default {
  create: (ctx) => new Compress(ctx, "compress"),
};
