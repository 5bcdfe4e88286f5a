/** Compress: half a second of sound becomes a file of about −log₂ p(x) bits, which the network reads back. */

import { num } from "../kit/base/format.js";
import { createCodeFile } from "../kit/export/code_file.js";
import { mode } from "../kit/panel/mode.js";
import { moreControls } from "../kit/panel/more.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { amplitudeOf } from "../spaces/wave.js";
import { recording } from "./recorded.js";

/** @param {import("../kit/panel/mode.js").Self} self */
function compress(self) {
  const { ctx } = self;
  const { value, asked, own, show } = recording(self);

  /** The sound of a file becomes the visitor's own sound. */
  function opened({ net, levels, digit, speaker }, bytes) {
    const amplitudes = Array.from(fromBase64(levels), amplitudeOf);
    ctx.store.commit({ net, digit, speaker, tap: null });
    own.set(amplitudes.map((each) => each / ctx.value().peaks[speaker]), "The sound of the file.");
    return `${num(bytes, 0)} bytes were read back as ${num(amplitudes.length, 0)} samples. The checksum is right.`;
  }
  const nameOf = () => ["net", "digit", "speaker"].map((key) => asked.value[key]).join("-");
  return show({ below: [moreControls(createCodeFile(ctx, { answer: value, nameOf, opened }))] });
}

export default mode(compress);
