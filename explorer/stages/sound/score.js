/** Score: the bits of every sample of a test recording, below its wave and its spectrogram; and what rivals need. */

import { fromBase64 } from "../kit/plane/tensors.js";
import { fill, h } from "../kit/shell/dom.js";
import { num } from "../kit/shell/format.js";
import { numberTable } from "../kit/shell/parts.js";
import { mean } from "../kit/shell/sums.js";
import { Bits } from "./bits.js";
import { Recorded } from "./recorded.js";

class Score extends Recorded {
  constructor(ctx) {
    super(ctx, "score");
    this.spectrum = h("canvas", { class: "spectrum", role: "img", "aria-label": "Spectrogram, 0 to 4 kHz" });
    this.bits = new Bits(ctx, {
      height: 150,
      wave: this.wave,
      onMove: (ms, how) => this.choose(Math.round((ms * this.rate) / 1000), how),
    });
    this.rivals = h("div", { class: "result" });
    const figure = h("div", {}, h("p", { class: "spectrum-name" }, "Spectrogram, 0 to 4 kHz"), this.spectrum);
    this.open([figure, h("div", { class: "result" }, this.bits.element), this.rivals]);
  }

  draw(value) {
    super.draw(value);
    const { bits, spectrogram, rivals } = value;
    paintSpectrum(this.spectrum, spectrogram);
    this.bits.show(bits, this.tap);
    const rows = [[this.ctx.net().title, num(mean(bits))], ...rivals.map(([title, each]) => [title, num(each)]), [
      "Raw",
      "8.00",
    ]];
    fill(this.rivals, numberTable("Bits a sample of this recording", ["", "bits/sample"], rows));
  }

  rows(value) {
    return [...super.rows(value), ["at the cursor", value ? num(value.bits[this.tap]) : "–", "bits"]];
  }
}

/** Paints power from 0 to 1: time from left to right, frequency from below. */
function paintSpectrum(canvas, { rows, columns, power }) {
  const bytes = fromBase64(power);
  [canvas.width, canvas.height] = [rows, columns];
  const context = canvas.getContext("2d");
  const image = context.createImageData(rows, columns);
  for (let time = 0; time < rows; time++) {
    for (let frequency = 0; frequency < columns; frequency++) {
      const place = 4 * ((columns - 1 - frequency) * rows + time);
      image.data.fill(bytes[time * columns + frequency], place, place + 3);
      image.data[place + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

export default {
  hint: "Each sample costs −log₂ p bits: where are they high?",
  create: (ctx) => new Score(ctx),
};
