/** Compress: half a second of sound becomes a file of about −log₂ p(x) bits, which the network reads back. */

import { Bars } from "../kit/chart/bars.js";
import { createCodeFile } from "../kit/export/code_file.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { moreControls } from "../kit/shell/more.js";
import { amplitudeOf } from "../spaces/wave.js";
import { Bits } from "./bits.js";
import { Recorded } from "./recorded.js";

class Compress extends Recorded {
  constructor(ctx) {
    super(ctx, "compress");
    this.bits = new Bits(ctx, {
      height: 230,
      wave: this.wave,
      onMove: (ms, how) => this.choose(Math.round((ms * this.rate) / 1000), how),
    });
    this.sizes = new Bars("Sizes of the same sound");
    const file = createCodeFile(this, {
      nameOf: () => `${this.answer.asked.net}-${this.answer.asked.digit}-${this.answer.asked.speaker}`,
    });
    this.open([h("div", { class: "result" }, this.bits.element), this.sizes.element], [moreControls(file)]);
  }

  /** The sound of a file becomes the visitor's own sound. */
  opened({ net, levels, digit, speaker }, bytes) {
    const { store, value } = this.ctx;
    const amplitudes = Array.from(fromBase64(levels), amplitudeOf);
    store.commit({ net, digit, speaker, tap: null });
    this.own.set(amplitudes.map((each) => each / value().peaks[speaker]), "The sound of the file.");
    return `${num(bytes, 0)} bytes were read back as ${num(amplitudes.length, 0)} samples. The checksum is right.`;
  }

  draw(value) {
    super.draw(value);
    this.bits.show(value.bits, this.tap);
    this.sizes.show(value.bars);
  }
}

export default {
  hint: "Better predictions make a shorter file of the sound",
  create: (ctx) => new Compress(ctx),
};
