/** Score: the bits of every sample of a test recording, below its wave and its spectrogram; and what rivals need. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { mode } from "../kit/panel/mode.js";
import { fromBase64 } from "../kit/plane/tensors.js";
import { recording } from "./recorded.js";

/** @param {import("../kit/panel/mode.js").Self} self */
function score(self) {
  const { value, show } = recording(self);
  const spectrum = h("canvas", { class: "spectrum", role: "img", "aria-label": "Spectrogram, 0 to 4 kHz" });
  whenever(() => value.value && paintSpectrum(spectrum, value.value.spectrogram));
  const words = "Frequencies from 0 to 4 kHz, over the same time; brighter is louder";
  return show({ add: [h("p", { class: "spectrum-name" }, words), spectrum] });
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

export default mode(score);
